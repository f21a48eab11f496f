import { Clock, DateTime, Duration, Effect, Option, Schema } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { QueueId, StatusId } from "../../../core/conversation/Conversation.ts"
import { MessageId } from "../../../core/message/Message.ts"
import { Resends } from "../../../core/resend/Resends.ts"
import { wishResend } from "../../../core/resend/wishResend.ts"
import * as Input from "../Input.ts"
import * as Output from "../Output.ts"
import * as Target from "../Target.ts"
import { resendCell, sentence, viewOf } from "./resendText.ts"

const decodeMessageId = Schema.decodeUnknownOption(MessageId)
const toMessageId = (text: string) => decodeMessageId(text.trim().toLowerCase())
const messageIdExpected = "o id de uma mensagem, como em messages unresolved"

const unresolved = Command.make(
  "unresolved",
  {
    instanceId: Input.instance.pipe(Flag.optional),
    all: Flag.Boolean("all").pipe(
      Flag.withDescription("Também as que ainda podem ser esclarecidas por um webhook, de menos de uma hora"),
      Flag.withDefault(false)
    ),
    limit: Input.limit(100, 50),
    before: Input.before(toMessageId, messageIdExpected),
    json: Output.json
  },
  Effect.fnUntraced(function* ({ all, before, instanceId, json, limit }) {
    const resends = yield* Resends
    const filter = { instanceId: Option.getOrUndefined(instanceId), all }
    yield* Output.list(
      yield* resends.list(filter, { before: Option.getOrUndefined(before), limit }),
      { json, view: viewOf },
      {
        columns: [
          ["id", ({ id }) => id],
          ["instância", ({ instanceId }) => String(instanceId)],
          ["contato", ({ contactId }) => String(contactId)],
          ["tipo", ({ kind }) => kind],
          ["desde", ({ since }) => DateTime.formatIso(since)],
          ["situação", ({ status }) => status],
          ["reenvio", ({ resend }) => Option.match(resend, { onNone: () => "", onSome: resendCell })]
        ],
        none: "Nenhuma mensagem sem resultado."
      }
    )
  })
).pipe(
  Command.withDescription(
    "Lista as mensagens de que ninguém sabe se foram enviadas, e o que houve com os reenvios pedidos"
  ),
  Command.provide(Target.layer)
)

const pause = "250 millis"

/** The message, as soon as something has come of the wish, and in any case after `wait` seconds. */
const watch = Effect.fnUntraced(function* (id: MessageId, wait: number) {
  const resends = yield* Resends
  const end = (yield* Clock.currentTimeMillis) + Duration.toMillis(Duration.seconds(wait))
  while (true) {
    const message = yield* Effect.flatMap(resends.find(id), Effect.fromOption)
    const isOver = Option.exists(message.resend, ({ outcome }) => Option.isSome(outcome))
    if (isOver || (yield* Clock.currentTimeMillis) >= end) return message
    yield* Effect.sleep(pause)
  }
})

const placeFlag = (flag: string, description: string) => Input.idFlag(flag, description).pipe(Flag.optional)

const resend = Command.make(
  "resend",
  {
    id: Argument.String("id").pipe(
      Argument.withMetavar("id"),
      Argument.withDescription("Id da mensagem, como em messages unresolved"),
      Argument.filterMap(toMessageId, () => messageIdExpected)
    ),
    queue: placeFlag("queue", "Fila para onde vai a conversa de um template; sem isto, a que ela tem"),
    status: placeFlag("status", "Status da conversa de um template; sem isto, o que ela tem"),
    wait: Flag.String("wait").pipe(
      Flag.withMetavar("segundos"),
      Flag.withDescription("Quanto esperar pelo resultado; sem isto, 15"),
      Flag.filterMap(
        (text) => (/^\d{1,3}$/u.test(text) ? Option.some(Number(text)) : Option.none()),
        () => "um número de segundos de 0 a 999"
      ),
      Flag.withDefault(15)
    ),
    json: Output.json
  },
  Effect.fnUntraced(function* ({ id, json, queue, status, wait }) {
    yield* wishResend(id, {
      queueId: Option.getOrUndefined(Option.map(queue, (id) => QueueId.make(id))),
      statusId: Option.getOrUndefined(Option.map(status, (id) => StatusId.make(id)))
    })
    yield* Output.done(yield* watch(id, wait), { json, view: viewOf }, sentence(wait))
  })
).pipe(
  Command.withDescription(
    "Manda enviar de novo uma mensagem de que ninguém sabe se foi enviada: quem a recebeu da primeira vez a recebe duas vezes"
  ),
  Command.provide(Target.layer)
)

export const messages = Command.make("messages").pipe(
  Command.withDescription("Mensagens: as que ninguém sabe se foram enviadas"),
  Command.withSubcommands([unresolved, resend])
)
