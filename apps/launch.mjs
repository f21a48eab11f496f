// Starts one of the apps: `node apps/launch.mjs <app> [arguments]`. Written so that every Node since version 12 can read
// it: an old one gets to say that it is too old, where the apps themselves would be a syntax error to it.
// oxlint-disable-next-line unicorn/prefer-node-protocol -- which the oldest of them do not know
import { fileURLToPath } from "url"

const apps = ["standalone", "http", "worker", "simulator", "cli"]
const oldest = [22, 19]

const fail = (line) => {
  process.stderr.write(line + "\n")
  process.exit(1)
}

const [major, minor] = process.versions.node.split(".").map(Number)
if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
  fail(
    "O Node " +
      process.versions.node +
      " é antigo demais: rode `npm ci`, que instala o Node 24 em node_modules" +
      " (com scripts de instalação permitidos), ou instale o Node " +
      oldest.join(".") +
      " ou mais novo."
  )
}

const app = process.argv[2]
if (!apps.includes(app)) fail("Uso: node apps/launch.mjs <" + apps.join("|") + "> [argumentos]")

// What the apps use of Node's that it still calls experimental (TypeScript, SQLite) is no news to who runs them.
const emitWarning = process.emitWarning
process.emitWarning = function (warning, ...details) {
  const type = typeof details[0] === "object" && details[0] !== null ? details[0].type : details[0]
  if (type === "ExperimentalWarning" || (warning instanceof Error && warning.name === "ExperimentalWarning")) return
  emitWarning.call(process, warning, ...details)
}

const main = new URL("./" + app + "/main.ts", import.meta.url)
// As if Node had been called with the app itself.
process.argv.splice(1, 2, fileURLToPath(main))
import(main.href).catch((error) => {
  process.stderr.write(String((error && error.stack) || error) + "\n")
  process.exit(1)
})
