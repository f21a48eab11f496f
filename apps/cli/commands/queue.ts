import { named } from "./named.ts"

export const queue = named({
  command: "queue",
  description: "Filas: onde as conversas esperam por uma equipe",
  add: (administration, entry) => administration.addQueue(entry),
  read: (administration, instanceId) => administration.queues(instanceId),
  says: {
    name: 'Nome da fila, como "Vendas"',
    add: "Cria uma fila",
    added: (id) => `Fila ${id} criada.`,
    list: "Lista as filas de uma instância",
    none: "Nenhuma fila."
  }
})
