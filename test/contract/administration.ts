import { assert, layer } from "@effect/vitest"
import type { Layer } from "effect"
import { DateTime, Effect, Option, Redacted, Result } from "effect"
import { TestClock } from "effect/testing"
import { createHash } from "node:crypto"
import { activateCampaign } from "../../core/administration/activateCampaign.ts"
import {
  Administration,
  ContactConsent,
  HealthAspect,
  ListedInstance
} from "../../core/administration/Administration.ts"
import { CampaignStuck, NotFound, NotLive, Taken } from "../../core/administration/Refusal.ts"
import { Campaign, CampaignId } from "../../core/campaign/Campaign.ts"
import { ContactId } from "../../core/contact/Contact.ts"
import { QueueId, StatusId } from "../../core/conversation/Conversation.ts"
import { AccessTokens } from "../../core/instance/AccessTokens.ts"
import { ApiKeyId, KeyHash } from "../../core/instance/ApiKey.ts"
import { ApiKeys } from "../../core/instance/ApiKeys.ts"
import { Directory } from "../../core/instance/Directory.ts"
import { type Instance, InstanceId } from "../../core/instance/Instance.ts"
import { Template, type TemplateContent, TemplateId } from "../../core/template/Template.ts"
import { Aftermath } from "./Aftermath.ts"
import { Fixture } from "./Fixture.ts"
import { Traces } from "./Traces.ts"

/** What is set up is seen through the ports that sending uses, and what is set right in what is kept of people. */
type Ports = Administration | Directory | ApiKeys | AccessTokens | Fixture | Traces | Aftermath

let numbers = 0
const nextNumber = (): string => String(106_540_000_000_000 + ++numbers)

const simulated = (): Effect.Effect<Instance, unknown, Administration> =>
  Administration.use((administration) =>
    administration.addInstance({
      name: "Loja",
      phoneNumberId: nextNumber(),
      wabaId: "102290129340398",
      access: { mode: "simulated" }
    })
  )

const greeting: TemplateContent = {
  name: "boas_vindas",
  language: "pt_BR",
  category: "UTILITY",
  status: "APPROVED",
  parameterFormat: "POSITIONAL",
  components: [{ type: "BODY", text: "Olá {{1}}, seu código é {{2}}." }],
  variables: {
    nome: { component: "body", position: 1, default: "cliente" },
    codigo: { component: "body", position: 2 }
  }
}

const hashOf = (key: string): KeyHash => KeyHash.make(createHash("sha256").update(key).digest("hex"))

const revisionOf = Effect.fnUntraced(function* (instanceId: InstanceId) {
  const directory = yield* Directory
  const wanted = {
    templateId: undefined,
    campaignId: undefined,
    queueId: QueueId.make(1),
    statusId: StatusId.make(1)
  }
  return (yield* directory.find(instanceId, wanted, "current")).revision
})

const nth = <A>(all: ReadonlyArray<A>, index: number): A => {
  const found = all[index]
  assert.isDefined(found)
  return found
}

const listed = ({ id, mode, name, phoneNumberId, wabaId }: Instance, hasToken: boolean) =>
  new ListedInstance({ id, mode, name, phoneNumberId, wabaId, hasToken, displayNumber: Option.none() })

const nowhere = InstanceId.make(999_999)
const unknown = 888_888

/** The laws of the `Administration` port. */
export const administrationContract = <E>(adapter: string, live: Layer.Layer<Ports, E>) =>
  layer(live, { timeout: "60 seconds" })(`Administration on ${adapter}`, (it) => {
    it.effect("lists every instance with its mode and whether it has a token, never the token", () =>
      Effect.gen(function* () {
        const administration = yield* Administration
        const rehearsal = yield* simulated()
        const real = yield* administration.addInstance({
          name: "Matriz",
          phoneNumberId: nextNumber(),
          wabaId: "102290129340398",
          access: { mode: "live", token: Redacted.make("EAAG-very-secret") }
        })
        assert.strictEqual(real.mode, "live")
        assert.deepStrictEqual(yield* administration.instance(real.id), real)

        const all = yield* administration.instances
        assert.deepStrictEqual(
          all.filter(({ id }) => id === rehearsal.id || id === real.id),
          [listed(rehearsal, false), listed(real, true)]
        )
        assert.notInclude(JSON.stringify(all), "secret")
      })
    )

    it.effect("keeps a live instance's token for sending", () =>
      Effect.gen(function* () {
        const administration = yield* Administration
        const { id } = yield* administration.addInstance({
          name: "Matriz",
          phoneNumberId: nextNumber(),
          wabaId: "102290129340398",
          access: { mode: "live", token: Redacted.make("EAAG token ção 🔑") }
        })
        const tokens = yield* AccessTokens
        assert.deepStrictEqual(Option.map(yield* tokens.find(id), Redacted.value), Option.some("EAAG token ção 🔑"))
        assert.deepStrictEqual(yield* tokens.find((yield* simulated()).id), Option.none())
      })
    )

    it.effect("replaces a live instance's token, and gives a simulated one none", () =>
      Effect.gen(function* () {
        const administration = yield* Administration
        const tokens = yield* AccessTokens
        const { id } = yield* administration.addInstance({
          name: "Matriz",
          phoneNumberId: nextNumber(),
          wabaId: "102290129340398",
          access: { mode: "live", token: Redacted.make("EAAG-first") }
        })
        yield* administration.setToken(id, Redacted.make("EAAG-second"))
        assert.deepStrictEqual(Option.map(yield* tokens.find(id), Redacted.value), Option.some("EAAG-second"))

        const rehearsal = yield* simulated()
        const refused = yield* Effect.flip(administration.setToken(rehearsal.id, Redacted.make("EAAG-third")))
        assert.deepStrictEqual(refused, new NotLive({ id: rehearsal.id }))
        assert.deepStrictEqual(yield* tokens.find(rehearsal.id), Option.none())
      })
    )

    it.effect("shows the number that people know, once it is known", () =>
      Effect.gen(function* () {
        const { id } = yield* (yield* Fixture).instanceAs({ displayNumber: "551140000000" })
        const listed = (yield* (yield* Administration).instances).find((instance) => instance.id === id)
        assert.deepStrictEqual(listed?.displayNumber, Option.some("551140000000"))
      })
    )

    it.effect(
      "keeps an instance's own keywords; a list that is missing is the default one, an empty one is empty",
      () =>
        Effect.gen(function* () {
          const administration = yield* Administration
          const { id } = yield* simulated()
          assert.deepStrictEqual(yield* administration.keywords(id), {})
          const own = { opt_out: ["CHEGA", "não quero"], opt_in: [] }
          assert.deepStrictEqual(yield* administration.setKeywords(id, own), own)
          assert.deepStrictEqual(yield* administration.keywords(id), own)
          assert.deepStrictEqual(yield* administration.setKeywords(id, { opt_in: ["VOLTEI"] }), { opt_in: ["VOLTEI"] })
          assert.deepStrictEqual(yield* administration.setKeywords(id, {}), {})
          assert.deepStrictEqual(yield* administration.keywords((yield* simulated()).id), {})
        })
    )

    it.effect("tells what Meta says of a number and its account, the latest first", () =>
      Effect.gen(function* () {
        const administration = yield* Administration
        const aftermath = yield* Aftermath
        const { id } = yield* simulated()
        assert.deepStrictEqual(yield* administration.health(id), [])
        const at = DateTime.makeUnsafe("2026-03-01T12:00:00Z")
        const limit = { aspect: "messaging_limit", value: { event: "UPGRADE", messaging_limit: "TIER_10K" }, at }
        const ban = {
          aspect: "account",
          value: { event: "DISABLED_UPDATE", ban: null, restrictions: [{ type: "X" }] },
          at: DateTime.add(at, { hours: 1 })
        }
        yield* aftermath.health(id, limit)
        yield* aftermath.health(id, ban)
        yield* aftermath.health((yield* simulated()).id, limit)
        assert.deepStrictEqual(yield* administration.health(id), [new HealthAspect(ban), new HealthAspect(limit)])
      })
    )

    it.effect("gives a business number to one live and one simulated instance at most", () =>
      Effect.gen(function* () {
        const administration = yield* Administration
        const phoneNumberId = nextNumber()
        const instance = { name: "Loja", phoneNumberId, wabaId: "1" }
        const rehearsed = { ...instance, access: { mode: "simulated" as const } }
        const real = { ...instance, access: { mode: "live" as const, token: Redacted.make("token") } }
        yield* administration.addInstance(rehearsed)
        yield* administration.addInstance(real)
        const taken = new Taken({ kind: "instance", field: "phone_number_id", value: phoneNumberId })
        assert.deepStrictEqual(yield* Effect.flip(administration.addInstance(rehearsed)), taken)
        assert.deepStrictEqual(yield* Effect.flip(administration.addInstance(real)), taken)
      })
    )

    it.effect("keeps an id that was asked for, and gives out later ones clear of it", () =>
      Effect.gen(function* () {
        const administration = yield* Administration
        const id = InstanceId.make(4_000)
        const instance = { name: "Loja", wabaId: "1", access: { mode: "simulated" as const } }
        const asked = yield* administration.addInstance({ ...instance, id, phoneNumberId: nextNumber() })
        assert.strictEqual(asked.id, id)
        assert.isAbove((yield* simulated()).id, id)

        const again = administration.addInstance({ ...instance, id, phoneNumberId: nextNumber() })
        assert.deepStrictEqual(yield* Effect.flip(again), new Taken({ kind: "instance", field: "id", value: "4000" }))

        const instanceId = asked.id
        const queue = yield* administration.addQueue({ instanceId, id: QueueId.make(5_005), name: "Vendas" })
        const next = yield* administration.addQueue({ instanceId, name: "Suporte" })
        assert.deepStrictEqual([queue.id, next.id], [5_005, 5_006])
        // A smaller one than was given out already leaves later ones where they are.
        yield* administration.addQueue({ instanceId, id: QueueId.make(5_001), name: "Cobrança" })
        assert.strictEqual((yield* administration.addQueue({ instanceId, name: "Troca" })).id, 5_007)

        const status = yield* administration.addStatus({ instanceId, id: StatusId.make(6_001), name: "Novo" })
        assert.strictEqual(status.id, 6_001)
        const templateId = TemplateId.make(7_015)
        const template = yield* administration.addTemplate({ instanceId, id: templateId, content: greeting })
        const content = { name: "Natal", templateId, state: "draft" as const, variables: {} }
        const campaign = yield* administration.addCampaign({ instanceId, id: CampaignId.make(8_003), content })
        assert.deepStrictEqual([template.id, campaign.id], [7_015, 8_003])
      })
    )

    it.effect("gives out no id twice while others are being asked for", () =>
      Effect.gen(function* () {
        const administration = yield* Administration
        // Of many instances, for those of one wait for each other anyway.
        const instances = yield* Effect.all(Array.from({ length: 30 }, simulated))
        const { id: start } = yield* administration.addQueue({ instanceId: nth(instances, 0).id, name: "primeira" })
        const adds = instances.map(({ id: instanceId }, index) =>
          administration.addQueue({
            instanceId,
            name: "disputada",
            ...(index % 3 === 0 ? { id: QueueId.make(start + 2 + index) } : {})
          })
        )
        const outcomes = yield* Effect.all(adds.map(Effect.result), { concurrency: "unbounded" })
        // Only one that asks for an id can come too late for it.
        assert.deepStrictEqual(
          outcomes.filter((outcome, index) => index % 3 !== 0 && Result.isFailure(outcome)),
          []
        )
        const given = outcomes.filter(Result.isSuccess).map(({ success }) => success.id)
        assert.strictEqual(new Set(given).size, given.length)
      })
    )

    it.effect("has a queue's or status's name once within an instance, as often as there are instances", () =>
      Effect.gen(function* () {
        const administration = yield* Administration
        const [ours, theirs] = [yield* simulated(), yield* simulated()]
        const vendas = yield* administration.addQueue({ instanceId: ours.id, name: "Vendas" })
        const novo = yield* administration.addStatus({ instanceId: ours.id, name: "Novo" })
        yield* administration.addQueue({ instanceId: theirs.id, name: "Vendas" })
        yield* administration.addStatus({ instanceId: theirs.id, name: "Novo" })
        assert.deepStrictEqual(
          yield* Effect.flip(administration.addQueue({ instanceId: ours.id, name: "Vendas" })),
          new Taken({ kind: "queue", field: "name", value: "Vendas" })
        )
        assert.deepStrictEqual(
          yield* Effect.flip(administration.addStatus({ instanceId: ours.id, name: "Novo" })),
          new Taken({ kind: "status", field: "name", value: "Novo" })
        )
        assert.deepStrictEqual(yield* administration.queues(ours.id), [vendas])
        assert.deepStrictEqual(yield* administration.statuses(ours.id), [novo])
      })
    )

    it.effect("lets one of twenty who add the same name at once have it", () =>
      Effect.gen(function* () {
        const administration = yield* Administration
        const { id: instanceId } = yield* simulated()
        const add = Effect.result(administration.addQueue({ instanceId, name: "Disputada" }))
        const outcomes = yield* Effect.all(
          Array.from({ length: 20 }, () => add),
          { concurrency: "unbounded" }
        )
        assert.strictEqual(outcomes.filter(Result.isSuccess).length, 1)
        const taken = new Taken({ kind: "queue", field: "name", value: "Disputada" })
        for (const outcome of outcomes.filter(Result.isFailure)) assert.deepStrictEqual(outcome.failure, taken)
        assert.strictEqual((yield* administration.queues(instanceId)).length, 1)
      })
    )

    it.effect("finds a key by its hash from the moment it is added", () =>
      Effect.gen(function* () {
        const administration = yield* Administration
        const instance = yield* simulated()
        const hash = hashOf(`ad_test_${instance.id}`)
        const key = yield* administration.addKey({ instanceId: instance.id, label: "ERP", hash, hint: "ad_test_ab…" })
        const found = yield* (yield* ApiKeys).find(hash)
        assert.deepStrictEqual(found, Option.some({ key, instance }))
        assert.deepStrictEqual(yield* administration.keys(instance.id), [key])
        assert.deepStrictEqual(
          yield* Effect.flip(administration.addKey({ instanceId: instance.id, label: "outra", hash, hint: "x" })),
          new Taken({ kind: "key", field: "hash", value: hash })
        )
      })
    )

    it.effect("remembers when a key was first revoked", () =>
      Effect.gen(function* () {
        const administration = yield* Administration
        const { id: instanceId } = yield* simulated()
        const hash = hashOf(`ad_test_revoked_${instanceId}`)
        const { id } = yield* administration.addKey({ instanceId, label: "antiga", hash, hint: "ad_test_ab…" })
        const revoked = yield* administration.revokeKey(instanceId, id)
        assert.isTrue(Option.isSome(revoked.revokedAt))
        yield* TestClock.adjust("1 hour")
        assert.deepStrictEqual(yield* administration.revokeKey(instanceId, id), revoked)
        const found = yield* (yield* ApiKeys).find(hash)
        assert.deepStrictEqual(
          Option.map(found, ({ key }) => key),
          Option.some(revoked)
        )
      })
    )

    it.effect("gives a template back as it was stored, to lists and to sending", () =>
      Effect.gen(function* () {
        const administration = yield* Administration
        const { id: instanceId } = yield* simulated()
        const template = yield* administration.addTemplate({ instanceId, content: greeting })
        const { id } = template
        assert.deepStrictEqual(template, new Template({ id, ...greeting }))
        assert.deepStrictEqual(yield* administration.template(instanceId, id), template)
        assert.deepStrictEqual(yield* administration.templates(instanceId), [template])
        const wanted = {
          templateId: id,
          campaignId: undefined,
          queueId: QueueId.make(unknown),
          statusId: StatusId.make(unknown)
        }
        const listing = yield* (yield* Directory).find(instanceId, wanted, "current")
        assert.deepStrictEqual(listing.template, Option.some(template))
      })
    )

    it.effect("lets an operator say how a template stands, before Meta does", () =>
      Effect.gen(function* () {
        const administration = yield* Administration
        const { id: instanceId } = yield* simulated()
        const { id } = yield* administration.addTemplate({ instanceId, content: { ...greeting, status: "PENDING" } })
        const approved = yield* administration.setTemplateStatus(instanceId, id, "APPROVED")
        assert.deepStrictEqual(approved, new Template({ id, ...greeting }))
        assert.deepStrictEqual(yield* administration.template(instanceId, id), approved)
      })
    )

    it.effect("has a template's name once per language", () =>
      Effect.gen(function* () {
        const administration = yield* Administration
        const { id: instanceId } = yield* simulated()
        yield* administration.addTemplate({ instanceId, content: greeting })
        yield* administration.addTemplate({ instanceId, content: { ...greeting, language: "en" } })
        assert.deepStrictEqual(
          yield* Effect.flip(administration.addTemplate({ instanceId, content: greeting })),
          new Taken({ kind: "template", field: "name", value: "boas_vindas (pt_BR)" })
        )
      })
    )

    it.effect("stores a campaign as draft or active, and activates it for sending", () =>
      Effect.gen(function* () {
        const administration = yield* Administration
        const { id: instanceId } = yield* simulated()
        const { id: templateId } = yield* administration.addTemplate({ instanceId, content: greeting })
        const variables = { nomeCliente: { variable: "nome", default: "amigo" }, codigo: { variable: "codigo" } }
        const draft = yield* administration.addCampaign({
          instanceId,
          content: { name: "Natal", templateId, state: "draft", variables }
        })
        const active = yield* administration.addCampaign({
          instanceId,
          content: { name: "Páscoa", templateId, state: "active", variables }
        })
        assert.deepStrictEqual(yield* administration.campaigns(instanceId), [draft, active])
        assert.deepStrictEqual(active.variables, variables)

        const activated = yield* activateCampaign(instanceId, draft.id)
        const { id, name } = draft
        assert.deepStrictEqual(activated, new Campaign({ id, name, templateId, state: "active", variables }))
        const wanted = {
          templateId: undefined,
          campaignId: draft.id,
          queueId: QueueId.make(unknown),
          statusId: StatusId.make(unknown)
        }
        const listing = yield* (yield* Directory).find(instanceId, wanted, "current")
        assert.deepStrictEqual(listing.campaign, Option.some(activated))
        // Once more is no error.
        assert.deepStrictEqual(yield* activateCampaign(instanceId, draft.id), activated)
        assert.deepStrictEqual(
          yield* Effect.flip(
            administration.addCampaign({
              instanceId,
              content: { name: "Natal", templateId, state: "draft", variables: {} }
            })
          ),
          new Taken({ kind: "campaign", field: "name", value: "Natal" })
        )
      })
    )

    it.effect("never activates a finished campaign", () =>
      Effect.gen(function* () {
        const administration = yield* Administration
        const { id: instanceId } = yield* simulated()
        const { id: templateId } = yield* administration.addTemplate({ instanceId, content: greeting })
        const { id } = yield* administration.addCampaign({
          instanceId,
          content: { name: "Passada", templateId, state: "finished", variables: {} }
        })
        assert.deepStrictEqual(
          yield* Effect.flip(activateCampaign(instanceId, id)),
          new CampaignStuck({ state: "finished", wanted: "active" })
        )
      })
    )

    it.effect("notes that a person wants no more marketing, and that they do again, and tells of each turn once", () =>
      Effect.gen(function* () {
        const administration = yield* Administration
        const fixture = yield* Fixture
        const traces = yield* Traces
        const { id: instanceId } = yield* fixture.instance
        const { id: contactId } = yield* fixture.contact({ instanceId, number: "5511978049825" })
        yield* TestClock.adjust("1 minute")
        const stoppedAt = yield* DateTime.now
        const stop = { instanceId, contactId, intent: "opt_out" } as const
        const optedOutAt = Option.some(stoppedAt)
        const stopped = yield* administration.recordConsent(stop)
        assert.deepStrictEqual(stopped, new ContactConsent({ contactId, optedOutAt, changed: true }))
        // Said again, and once more later: nothing that anybody had to be told.
        const repeated = yield* administration.recordConsent(stop)
        assert.deepStrictEqual(repeated, new ContactConsent({ contactId, optedOutAt, changed: false }))
        yield* TestClock.adjust("1 minute")
        assert.isFalse((yield* administration.recordConsent(stop)).changed)
        const isOut = Effect.map(traces.people(instanceId), (people) => people.map(({ optedOut }) => optedOut))
        assert.deepStrictEqual(yield* isOut, [true])

        yield* TestClock.adjust("1 minute")
        const resumedAt = yield* DateTime.now
        const resumed = yield* administration.recordConsent({ ...stop, intent: "opt_in" })
        assert.deepStrictEqual(resumed, new ContactConsent({ contactId, optedOutAt: Option.none(), changed: true }))
        assert.deepStrictEqual(yield* isOut, [false])

        const events = yield* traces.events(instanceId)
        assert.deepStrictEqual(
          events.map(({ at, contactId, data, type }) => ({ at, contactId, data, type })),
          [
            { at: stoppedAt, contactId, data: { source: "operator" }, type: "contact.opted_out" },
            { at: resumedAt, contactId, data: { source: "operator" }, type: "contact.opted_in" }
          ]
        )
        assert.strictEqual(new Set(events.map(({ id }) => id)).size, 2)
      })
    )

    it.effect("tells once of what twenty note of one person at once", () =>
      Effect.gen(function* () {
        const administration = yield* Administration
        const fixture = yield* Fixture
        const { id: instanceId } = yield* fixture.instance
        const { id: contactId } = yield* fixture.contact({ instanceId, number: "5511978049825" })
        const stop = administration.recordConsent({ instanceId, contactId, intent: "opt_out" })
        const outcomes = yield* Effect.all(
          Array.from({ length: 20 }, () => stop),
          { concurrency: "unbounded" }
        )
        assert.strictEqual(outcomes.filter(({ changed }) => changed).length, 1)
        assert.strictEqual((yield* (yield* Traces).events(instanceId)).length, 1)
      })
    )

    it.effect("notes it of the contact that a retired one proved to be, for every number that leads there", () =>
      Effect.gen(function* () {
        const administration = yield* Administration
        const fixture = yield* Fixture
        const traces = yield* Traces
        const { id: instanceId } = yield* fixture.instance
        const retired = yield* fixture.contact({ instanceId, number: "5511978049825" })
        const survivor = yield* fixture.contact({ instanceId, number: "5521987654321" })
        yield* (yield* Aftermath).merged(retired.id, survivor.id)
        const stop = { instanceId, contactId: retired.id, intent: "opt_out" } as const
        assert.strictEqual((yield* administration.recordConsent(stop)).contactId, survivor.id)
        const people = yield* traces.people(instanceId)
        assert.deepStrictEqual(
          people.map(({ consents, optedOut }) => [optedOut, consents.length]),
          [
            [true, 0],
            [true, 1]
          ]
        )
      })
    )

    it.effect("heeds what a person said later than what the operator notes", () =>
      Effect.gen(function* () {
        const administration = yield* Administration
        const fixture = yield* Fixture
        const { id: instanceId } = yield* fixture.instance
        const { id: contactId } = yield* fixture.contact({ instanceId, number: "5511978049825" })
        const later = DateTime.add(yield* DateTime.now, { minutes: 1 })
        yield* (yield* Aftermath).stopped(contactId, later)
        const resumed = yield* administration.recordConsent({ instanceId, contactId, intent: "opt_in" })
        assert.deepStrictEqual(
          resumed,
          new ContactConsent({ contactId, optedOutAt: Option.some(later), changed: false })
        )
      })
    )

    it.effect("answers for what belongs to another instance as for what never existed", () =>
      Effect.gen(function* () {
        const administration = yield* Administration
        const [ours, theirs] = [(yield* simulated()).id, (yield* simulated()).id]
        const key = yield* administration.addKey({
          instanceId: theirs,
          label: "deles",
          hash: hashOf(`ad_test_theirs_${theirs}`),
          hint: "ad_test_ab…"
        })
        const template = yield* administration.addTemplate({ instanceId: theirs, content: greeting })
        const content = { name: "Deles", templateId: template.id, state: "draft" as const, variables: {} }
        const campaign = yield* administration.addCampaign({ instanceId: theirs, content })

        const revoke = (id: number) => Effect.flip(administration.revokeKey(ours, ApiKeyId.make(id)))
        assert.deepStrictEqual(yield* revoke(key.id), new NotFound({ kind: "key", id: key.id }))
        assert.deepStrictEqual(yield* revoke(unknown), new NotFound({ kind: "key", id: unknown }))

        const find = (id: number) => Effect.flip(administration.template(ours, TemplateId.make(id)))
        assert.deepStrictEqual(yield* find(template.id), new NotFound({ kind: "template", id: template.id }))
        assert.deepStrictEqual(yield* find(unknown), new NotFound({ kind: "template", id: unknown }))
        // Larger than any id: still no such thing, and not a fault.
        assert.deepStrictEqual(yield* find(2 ** 40), new NotFound({ kind: "template", id: 2 ** 40 }))

        const set = (id: TemplateId) => Effect.flip(administration.setTemplateStatus(ours, id, "PAUSED"))
        assert.deepStrictEqual(yield* set(template.id), new NotFound({ kind: "template", id: template.id }))
        assert.deepStrictEqual(yield* administration.template(theirs, template.id), template)
        const person = yield* (yield* Fixture).contact({ instanceId: theirs, number: "5511978049825" })
        const stop = administration.recordConsent({
          instanceId: ours,
          contactId: person.id,
          intent: "opt_out"
        })
        assert.deepStrictEqual(yield* Effect.flip(stop), new NotFound({ kind: "contact", id: person.id }))

        const use = (id: number) =>
          Effect.flip(
            administration.addCampaign({ instanceId: ours, content: { ...content, templateId: TemplateId.make(id) } })
          )
        assert.deepStrictEqual(yield* use(template.id), new NotFound({ kind: "template", id: template.id }))
        assert.deepStrictEqual(yield* use(unknown), new NotFound({ kind: "template", id: unknown }))

        const activate = (id: number) => Effect.flip(activateCampaign(ours, CampaignId.make(id)))
        assert.deepStrictEqual(yield* activate(campaign.id), new NotFound({ kind: "campaign", id: campaign.id }))
        assert.deepStrictEqual(yield* activate(unknown), new NotFound({ kind: "campaign", id: unknown }))

        for (const list of ["keys", "queues", "statuses", "templates", "campaigns"] as const) {
          assert.deepStrictEqual(yield* administration[list](ours), [])
        }
      })
    )

    it.effect("knows an instance that does not exist everywhere", () =>
      Effect.gen(function* () {
        const administration = yield* Administration
        const campaign = { name: "x", templateId: TemplateId.make(unknown), state: "draft" as const, variables: {} }
        const asked: ReadonlyArray<Effect.Effect<unknown, unknown>> = [
          administration.instance(nowhere),
          administration.setToken(nowhere, Redacted.make("token")),
          administration.keywords(nowhere),
          administration.setKeywords(nowhere, {}),
          administration.health(nowhere),
          administration.setTemplateStatus(nowhere, TemplateId.make(1), "APPROVED"),
          administration.recordConsent({
            instanceId: nowhere,
            contactId: ContactId.make(1),
            intent: "opt_out"
          }),
          administration.addKey({ instanceId: nowhere, label: "x", hash: hashOf("x"), hint: "x" }),
          administration.keys(nowhere),
          administration.revokeKey(nowhere, ApiKeyId.make(1)),
          administration.addQueue({ instanceId: nowhere, name: "x" }),
          administration.addQueue({ instanceId: nowhere, name: "x", id: QueueId.make(777_777) }),
          administration.queues(nowhere),
          administration.addStatus({ instanceId: nowhere, name: "x" }),
          administration.statuses(nowhere),
          administration.addTemplate({ instanceId: nowhere, content: greeting }),
          administration.template(nowhere, TemplateId.make(1)),
          administration.templates(nowhere),
          administration.addCampaign({ instanceId: nowhere, content: campaign }),
          activateCampaign(nowhere, CampaignId.make(1)).pipe(Effect.provideService(Administration, administration)),
          administration.campaigns(nowhere)
        ]
        const missing = new NotFound({ kind: "instance", id: nowhere })
        for (const wish of asked) assert.deepStrictEqual(yield* Effect.flip(wish), missing)
      })
    )

    it.effect("raises the instance's revision with every change of what is sent by, and with no other", () =>
      Effect.gen(function* () {
        const administration = yield* Administration
        const [{ id: instanceId }, bystander] = [yield* simulated(), yield* simulated()]
        const before = yield* revisionOf(bystander.id)
        let known = yield* revisionOf(instanceId)
        const changed = Effect.fnUntraced(function* <A, E>(change: Effect.Effect<A, E, Administration>, by: number) {
          const result = yield* change
          const revision = yield* revisionOf(instanceId)
          assert.strictEqual(revision, known + by)
          known = revision
          return result
        })

        yield* changed(administration.addQueue({ instanceId, name: "Vendas" }), 1)
        yield* changed(administration.addQueue({ instanceId, name: "Suporte", id: QueueId.make(50_000) }), 1)
        yield* changed(administration.addStatus({ instanceId, name: "Novo" }), 1)
        const { id: templateId } = yield* changed(administration.addTemplate({ instanceId, content: greeting }), 1)
        const content = { name: "Natal", templateId, state: "draft" as const, variables: {} }
        const { id } = yield* changed(administration.addCampaign({ instanceId, content }), 1)
        yield* changed(activateCampaign(instanceId, id), 1)
        yield* changed(administration.setTemplateStatus(instanceId, templateId, "PAUSED"), 1)

        // What was refused changed nothing.
        yield* changed(Effect.flip(administration.addQueue({ instanceId, name: "Vendas" })), 0)
        yield* changed(Effect.flip(administration.addTemplate({ instanceId, content: greeting })), 0)
        yield* changed(Effect.flip(administration.addCampaign({ instanceId, content })), 0)
        const nothing = TemplateId.make(unknown)
        yield* changed(Effect.flip(administration.setTemplateStatus(instanceId, nothing, "APPROVED")), 0)
        const hash = hashOf(`ad_test_quiet_${instanceId}`)
        const key = yield* changed(administration.addKey({ instanceId, label: "ERP", hash, hint: "x" }), 0)
        yield* changed(administration.revokeKey(instanceId, key.id), 0)
        assert.strictEqual(yield* revisionOf(bystander.id), before)
      })
    )
  })
