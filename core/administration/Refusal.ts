/** Why an operator's wish was not granted. The messages are for the operator. */
import { Schema } from "effect"
import { CampaignState } from "../campaign/Campaign.ts"

export const Kind = Schema.Literals(["instance", "key", "queue", "status", "template", "campaign", "contact"])
export type Kind = typeof Kind.Type

/** With its article: "a fila", "uma fila". */
const called: { readonly [kind in Kind]: readonly [the: string, a: string] } = {
  instance: ["A instância", "uma instância"],
  key: ["A API key", "uma API key"],
  queue: ["A fila", "uma fila"],
  status: ["O status", "um status"],
  template: ["O template", "um template"],
  campaign: ["A campanha", "uma campanha"],
  contact: ["O contato", "um contato"]
}

/** No such thing, or none of this instance: nobody is told which. */
export class NotFound extends Schema.TaggedError<NotFound>()("NotFound", { kind: Kind, id: Schema.Int }) {
  override get message(): string {
    const where = this.kind === "instance" ? "" : " nesta instância"
    return `${called[this.kind][0]} ${this.id} não existe${where}.`
  }
}

/** Another one has what must be one's own: a name within its instance, a business number within its mode, an id. */
export class Taken extends Schema.TaggedError<Taken>()("Taken", {
  kind: Kind,
  field: Schema.Literals(["id", "name", "phone_number_id", "hash"]),
  value: Schema.String
}) {
  override get message(): string {
    // The hash is of no use to anybody who reads this.
    if (this.field === "hash") return "Esta API key já está cadastrada."
    const name = this.field === "name" ? "nome" : this.field
    return `Já existe ${called[this.kind][1]} com ${name} "${this.value}".`
  }
}

/** A simulated instance speaks to the simulator, which takes any token. */
export class NotLive extends Schema.TaggedError<NotLive>()("NotLive", { id: Schema.Int }) {
  override get message(): string {
    return `A instância ${this.id} é simulada e não tem token.`
  }
}

/** The campaign is in a state from which there is no way to the wanted one. */
export class CampaignStuck extends Schema.TaggedError<CampaignStuck>()("CampaignStuck", {
  state: CampaignState,
  wanted: CampaignState
}) {
  override get message(): string {
    return `A campanha está no estado "${this.state}" e não pode passar a "${this.wanted}".`
  }
}
