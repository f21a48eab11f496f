import { assert, layer } from "@effect/vitest"
import { Effect, type Layer, Option } from "effect"
import { CampaignId } from "../../core/campaign/Campaign.ts"
import { QueueId, StatusId } from "../../core/conversation/Conversation.ts"
import { Directory, type Wanted } from "../../core/instance/Directory.ts"
import { InstanceId } from "../../core/instance/Instance.ts"
import { TemplateId } from "../../core/template/Template.ts"
import { Fixture } from "./Fixture.ts"

const definition = {
  name: "pedido_enviado",
  language: "pt_BR",
  category: "UTILITY",
  status: "APPROVED",
  parameter_format: "POSITIONAL",
  components: [
    { type: "HEADER", format: "DOCUMENT" },
    { type: "BODY", text: `Olá {{1}}, "o pedido" {{2}} \\ saiu 🚚.` },
    { type: "FOOTER", text: "Loja" },
    { type: "BUTTONS", buttons: [{ type: "URL", text: "Rastrear", url: "https://loja.example/r/{{1}}" }] }
  ],
  variables: {
    nome: { component: "body", position: 1, default: "cliente" },
    codigo: { component: "body", position: 2, also: [{ component: "button", position: 0 }] },
    nota: { component: "header", position: "link" }
  }
}

/** The largest id a request may name. */
const largestId = 2_147_483_647

const nothing: Wanted = {
  templateId: undefined,
  campaignId: undefined,
  queueId: QueueId.make(largestId),
  statusId: StatusId.make(largestId)
}

/** An instance with one of everything, and what a request for each would want. */
const furnished = Effect.gen(function* () {
  const fixture = yield* Fixture
  const { id } = yield* fixture.instance
  const queue = yield* fixture.queue(id)
  const status = yield* fixture.status(id)
  const template = yield* fixture.template(id, definition)
  const campaign = yield* fixture.campaign(id, template, {
    name: "Boas-vindas",
    template_id: template.id,
    state: "active",
    variables: {
      nomeCliente: { variable: "nome", default: "você" },
      codigo: { variable: "codigo" },
      nota: { variable: "nota" }
    }
  })
  const places = { queueId: queue.id, statusId: status.id }
  const byTemplate: Wanted = { ...places, templateId: template.id, campaignId: undefined }
  const byCampaign: Wanted = { ...places, templateId: undefined, campaignId: campaign.id }
  return { id, queue, status, template, campaign, byTemplate, byCampaign }
})

/** The laws of the `Directory` port. */
export const directoryContract = <E>(adapter: string, live: Layer.Layer<Directory | Fixture, E>) =>
  layer(live, { timeout: "60 seconds" })(`Directory on ${adapter}`, (it) => {
    it.effect.each(["cached", "current"] as const)("what is set up is found as it was given: %s", (freshness) =>
      Effect.gen(function* () {
        const directory = yield* Directory
        const { byTemplate, id, queue, status, template } = yield* furnished
        assert.deepStrictEqual(yield* directory.find(id, byTemplate, freshness), {
          revision: yield* (yield* Fixture).revision(id),
          template: Option.some(template),
          campaign: Option.none(),
          queue: Option.some(queue),
          status: Option.some(status)
        })
      })
    )

    it.effect("a campaign brings its template along", () =>
      Effect.gen(function* () {
        const { byCampaign, campaign, id, template } = yield* furnished
        const found = yield* (yield* Directory).find(id, byCampaign, "current")
        assert.deepStrictEqual(found.campaign, Option.some(campaign))
        assert.deepStrictEqual(found.template, Option.some(template))
      })
    )

    it.effect("another instance's things answer as things that never existed", () =>
      Effect.gen(function* () {
        const directory = yield* Directory
        const fixture = yield* Fixture
        const ours = yield* furnished
        const theirs = yield* fixture.instance
        const none = {
          revision: yield* fixture.revision(theirs.id),
          template: Option.none(),
          campaign: Option.none(),
          queue: Option.none(),
          status: Option.none()
        }
        const never = {
          ...nothing,
          templateId: TemplateId.make(largestId),
          campaignId: CampaignId.make(largestId)
        }
        for (const wanted of [ours.byTemplate, ours.byCampaign, never, nothing]) {
          assert.deepStrictEqual(yield* directory.find(theirs.id, wanted, "current"), none)
        }
      })
    )

    it.effect("an instance that does not exist has nothing", () =>
      Effect.gen(function* () {
        const { byTemplate } = yield* furnished
        const found = yield* (yield* Directory).find(InstanceId.make(1_999_999_999), byTemplate, "current")
        assert.deepStrictEqual(
          [found.template, found.campaign, found.queue, found.status],
          [Option.none(), Option.none(), Option.none(), Option.none()]
        )
      })
    )

    it.effect("who asks for the current state sees every change, and a higher revision", () =>
      Effect.gen(function* () {
        const directory = yield* Directory
        const fixture = yield* Fixture
        const { byTemplate, id, template } = yield* furnished
        const before = yield* directory.find(id, byTemplate, "cached")
        yield* fixture.setTemplateStatus(template.id, "PAUSED")
        const after = yield* directory.find(id, byTemplate, "current")
        assert.isAbove(after.revision, before.revision)
        assert.deepStrictEqual(
          Option.map(after.template, ({ status }) => status),
          Option.some("PAUSED")
        )
        // What was seen once is not forgotten for something older.
        assert.deepStrictEqual(yield* directory.find(id, byTemplate, "cached"), after)
      })
    )
  })
