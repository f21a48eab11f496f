import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { Subscription, wants, WebhookUrl } from "../../../core/webhook/WebhookEndpoint.ts"

const isUrl = Schema.is(WebhookUrl)
const isSubscription = Schema.is(Subscription)

describe("the URL of an endpoint", () => {
  it("is http or https, with whatever path and query", () => {
    const good = [
      "https://loja.example.com/webhooks",
      "http://loja.example.com:8080/a/b?c=d&e=f",
      "http://127.0.0.1:9/",
      "https://[2001:db8::1]/x",
      "https://açaí.example.com/",
      `https://loja.example.com/${"x".repeat(2048 - "https://loja.example.com/".length)}`
    ]
    for (const url of good) assert.isTrue(isUrl(url), url)
  })

  it("has no credentials, no other scheme, no blanks and at most 2048 characters", () => {
    const bad = [
      "",
      "loja.example.com",
      "/webhooks",
      "ftp://loja.example.com/",
      "file:///etc/passwd",
      "https://ana@loja.example.com/",
      "https://ana:senha@loja.example.com/",
      "https://:senha@loja.example.com/",
      " https://loja.example.com/",
      "https://loja.example.com/a b",
      "https://loja.example.com/\u0000",
      "https://loja.example.com/\n",
      "https://loja.example.com/\ud800",
      "https://",
      `https://loja.example.com/${"x".repeat(2048)}`
    ]
    for (const url of bad) assert.isFalse(isUrl(url), url)
  })
})

describe("what an endpoint is told of", () => {
  it("is everything, or some types, each once", () => {
    for (const types of [["*"], ["message.read"], ["message.read", "contact.merged"]]) {
      assert.isTrue(isSubscription(types), String(types))
    }
    for (const types of [[], ["*", "*"], ["*", "message.read"], ["message.read", "message.read"], ["message.gone"]]) {
      assert.isFalse(isSubscription(types), String(types))
    }
  })

  it("is never a test, which nobody chooses", () => {
    assert.isFalse(isSubscription(["webhook_endpoint.test"]))
  })

  it("is what was chosen", () => {
    assert.isTrue(wants({ eventTypes: ["*"] }, "contact.merged"))
    assert.isTrue(wants({ eventTypes: ["message.read", "contact.merged"] }, "contact.merged"))
    assert.isTrue(wants({ eventTypes: ["contact.merged"] }, "contact.merged"))
    assert.isFalse(wants({ eventTypes: ["message.read"] }, "contact.merged"))
  })
})
