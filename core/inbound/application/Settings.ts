/** What Meta tells of templates and business numbers: the latest by Meta's clock holds, in whatever order it comes. */
import { DateTime } from "effect"
import type { StoredEvent } from "../../event/StoredEvent.ts"
import type { InstanceId } from "../../instance/Instance.ts"
import type { Component } from "../../template/Component.ts"
import { slotsOf } from "../../template/Slot.ts"
import { canonical } from "../Json.ts"
import { statusAfter, type TemplateComponentsUpdate } from "../TemplateUpdate.ts"
import type { NumberError, NumberUpdate, TemplateUpdate } from "../Update.ts"
import type { AccountAlert, AccountUpdate, BusinessCapabilityUpdate } from "../AccountUpdate.ts"
import type { HealthChange, TemplateChange } from "./Changes.ts"
import { type KnownHealth, type KnownTemplate, within } from "./Facts.ts"

type HealthUpdate = NumberError | NumberUpdate | AccountUpdate | AccountAlert | BusinessCapabilityUpdate

type Tell = (event: Omit<StoredEvent, "id" | "messageId" | "contactId">) => void

export interface Settings {
  readonly template: (instanceId: InstanceId, update: TemplateUpdate, at: DateTime.Utc) => void
  readonly health: (instanceId: InstanceId, update: HealthUpdate, at: DateTime.Utc) => void
  readonly changes: () => {
    readonly templates: ReadonlyArray<TemplateChange>
    readonly health: ReadonlyArray<HealthChange>
  }
}

/** Which part of a template an update is about, and what it says of it. Nothing where it leaves the template as it is. */
const saying = (
  update: TemplateUpdate
): { readonly aspect: string; readonly changes: Partial<KnownTemplate>; readonly told: object } | undefined => {
  switch (update._tag) {
    case "TemplateStatus": {
      const status = statusAfter(update.event)
      const { event, reason, rejection } = update
      const told = { event, reason: rejection?.reason ?? reason ?? null }
      return { aspect: "status", changes: status === undefined ? {} : { status }, told }
    }
    case "TemplateQuality":
      return { aspect: "quality", changes: { quality: update.quality }, told: { quality: update.quality } }
    case "TemplateCategory": {
      const { category, upcoming = null } = update
      return { aspect: "category", changes: { category }, told: { category, upcoming_category: upcoming } }
    }
    case "TemplateComponents":
      return undefined
  }
}

/** Its words as they are now; where they are, and which variables fill them, stays as it was. */
const reworded = (
  components: ReadonlyArray<Component>,
  { body, footer, header }: TemplateComponentsUpdate
): ReadonlyArray<Component> =>
  components.map((component): Component => {
    if (component.type === "HEADER" && component.format === "TEXT")
      return { ...component, text: header ?? component.text }
    if (component.type === "BODY") return { ...component, text: body ?? component.text }
    return component.type === "FOOTER" ? { ...component, text: footer ?? component.text } : component
  })

const addressesOf = (components: ReadonlyArray<Component>): string =>
  canonical(
    slotsOf(components)
      .slots.map(({ address }) => address)
      .toSorted()
  )

/** What an update says of a number or account, under one name per thing that changes by itself. */
const aspectOf = (update: HealthUpdate): { readonly aspect: string; readonly value: object } => {
  switch (update._tag) {
    case "NumberError": {
      const { code, details = null, title = null } = update.error
      return { aspect: "error", value: { code, title, details } }
    }
    case "NumberQuality": {
      const { currentLimit = null, event, messagingLimit = null } = update
      // The same webhook tells of two things.
      return event.startsWith("THROUGHPUT")
        ? { aspect: "throughput", value: { event, throughput: currentLimit } }
        : { aspect: "messaging_limit", value: { event, messaging_limit: messagingLimit ?? currentLimit } }
    }
    case "NumberName": {
      const { decision, rejectionReason = null, requestedName = null } = update
      return {
        aspect: "verified_name",
        value: { decision, requested_name: requestedName, rejection_reason: rejectionReason }
      }
    }
    case "BusinessUsername":
      return { aspect: "username", value: { status: update.status, username: update.username ?? null } }
    case "Account": {
      const { ban, event, restrictions, violation, volumeTier } = update
      const value = {
        event,
        ban: ban ?? null,
        violation: violation?.type ?? null,
        restrictions: (restrictions ?? []).map(({ expiresAt, type }) => ({
          type,
          expires_at: expiresAt === undefined ? null : DateTime.formatIso(expiresAt)
        })),
        volume_tier: volumeTier ?? null
      }
      return { aspect: volumeTier === undefined ? "account" : "volume_tier", value }
    }
    case "AccountAlert": {
      const { description = null, severity = null, status = null, type } = update.alert
      return { aspect: `alert:${type}`, value: { type, severity, status, description } }
    }
    case "BusinessCapability": {
      const { maxNumbersPerAccount, maxNumbersPerBusiness, messagingLimit, messagingLimitPerNumber } = update
      return {
        aspect: "capability",
        value: {
          messaging_limit: messagingLimit ?? messagingLimitPerNumber ?? null,
          max_numbers: maxNumbersPerBusiness ?? maxNumbersPerAccount ?? null
        }
      }
    }
  }
}

export const make = (
  templates: ReadonlyArray<KnownTemplate>,
  health: ReadonlyArray<KnownHealth>,
  tell: Tell
): Settings => {
  const byName = new Map(templates.map((one) => [within(one.instanceId, `${one.name} ${one.language}`), one]))
  const byAspect = new Map<string, HealthChange>(health.map((one) => [within(one.instanceId, one.aspect), one]))
  const changedTemplates = new Map<string, TemplateChange>()
  const changedHealth = new Map<string, HealthChange>()

  const change = (key: string, next: KnownTemplate, at: DateTime.Utc, told: object): void => {
    byName.set(key, next)
    changedTemplates.set(key, next)
    const { id, instanceId, language, name } = next
    tell({ instanceId, type: "template.updated", at, data: { template_id: id, name, language, ...told } })
  }

  return {
    template: (instanceId, update, at) => {
      const key = within(instanceId, `${update.name} ${update.language}`)
      const known = byName.get(key)
      if (known === undefined) return
      const said = saying(update)
      const aspect = said?.aspect ?? "components"
      const millis = DateTime.toEpochMillis(at)
      if ((known.toldAt[aspect] ?? Number.NEGATIVE_INFINITY) > millis) return
      const toldAt = { ...known.toldAt, [aspect]: millis }
      if (said !== undefined) return change(key, { ...known, ...said.changes, toldAt }, at, said.told)
      if (update._tag !== "TemplateComponents") return
      const components = reworded(known.components, update)
      // With other places than our variables fill, the old words stay: only an operator can say what fills them.
      const fits = addressesOf(components) === addressesOf(known.components)
      change(key, { ...known, ...(fits ? { components } : {}), toldAt }, at, {
        components: true,
        needs_attention: !fits
      })
    },

    health: (instanceId, update, at) => {
      const { aspect, value } = aspectOf(update)
      const key = within(instanceId, aspect)
      const known = byAspect.get(key)
      if (known !== undefined && DateTime.isGreaterThan(known.at, at)) return
      const next = { instanceId, aspect, value: canonical(value), at }
      byAspect.set(key, next)
      changedHealth.set(key, next)
      if (known?.value === next.value) return
      tell({ instanceId, type: "instance.health_changed", at, data: { aspect, ...value } })
    },

    changes: () => ({ templates: [...changedTemplates.values()], health: [...changedHealth.values()] })
  }
}
