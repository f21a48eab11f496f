import { named } from "./named.ts"

export const status = named({
  command: "status",
  description: "Status: até onde uma conversa chegou",
  add: (administration, entry) => administration.addStatus(entry),
  read: (administration, instanceId) => administration.statuses(instanceId),
  says: {
    name: 'Nome do status, como "Novo"',
    add: "Cria um status",
    added: (id) => `Status ${id} criado.`,
    list: "Lista os status de uma instância",
    none: "Nenhum status."
  }
})
