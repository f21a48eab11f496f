/** How the command line speaks: help when it is asked for, and one line when a call is wrong. */
import { Console, Layer } from "effect"
import { CliConfig, CliOutput, Flag, GlobalFlag } from "effect/cli"
import { help } from "./Help.ts"
import { invocationFault } from "./invocationFault.ts"

const presenter: CliOutput.Presenter = {
  present: (event) => {
    switch (event._tag) {
      case "Help":
        return Console.log(help(event.helpDoc))
      case "Version":
        return Console.log(`${event.name} ${event.version}`)
      case "InvalidInvocation": {
        const faults = event.errors.map(invocationFault).join(" ")
        return Console.error(`${faults} Veja: ${event.commandPath.join(" ")} --help`)
      }
    }
  }
}

const helpFlag: typeof GlobalFlag.Help = {
  ...GlobalFlag.Help,
  flag: Flag.Boolean("help").pipe(
    Flag.withAlias("h"),
    Flag.withDescription("Mostra esta ajuda"),
    Flag.withDefault(false)
  )
}

const versionFlag: typeof GlobalFlag.Version = {
  ...GlobalFlag.Version,
  flag: Flag.Boolean("version").pipe(Flag.withDescription("Mostra a versão"), Flag.withDefault(false))
}

export const layer = Layer.mergeAll(
  CliOutput.layerPresenter(presenter),
  CliConfig.layer({ builtIns: [helpFlag, versionFlag] })
)
