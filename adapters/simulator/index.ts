/** The public entry of `aidesk/adapters/simulator`. */
export * as Simulator from "./Simulator.ts"
export * as MagicRecipients from "./MagicRecipients.ts"
