/** What operators and programs ask besides sending: health, and the catalogue of failures. */
import { entryOf } from "../../../core/failure/Catalogue.ts"
import { catalogueJson } from "./CatalogueJson.ts"
import { type PathItem, type Schema, schemaRef } from "./OpenApiDocument.ts"

export const schemas: { readonly [name: string]: Schema } = {
  Alive: {
    type: "object",
    properties: { status: { type: "string", const: "ok" } },
    required: ["status"]
  },
  Readiness: {
    type: "object",
    properties: {
      status: { type: "string", enum: ["ok", "unavailable"] },
      checks: {
        type: "object",
        properties: {
          database: { type: "string", enum: ["ok", "unavailable"], description: "O banco de dados responde." },
          migrations: {
            type: "string",
            enum: ["ok", "pending", "unknown"],
            description: "O esquema do banco é o desta versão."
          }
        },
        required: ["database", "migrations"]
      }
    },
    required: ["status", "checks"]
  },
  ErrorCatalogue: {
    type: "object",
    properties: {
      errors: {
        type: "array",
        items: {
          type: "object",
          properties: {
            code: schemaRef("ErrorCode"),
            status: { type: "integer" },
            message: { type: "string" },
            retryable: { type: "boolean" },
            action: { type: "string" },
            doc_url: { type: "string", format: "uri" }
          },
          required: ["code", "status", "message", "retryable", "action", "doc_url"]
        }
      }
    },
    required: ["errors"]
  }
}

const health = (
  operation: { readonly operationId: string; readonly summary: string; readonly description: string },
  responses: NonNullable<PathItem["get"]>["responses"]
): PathItem => ({ get: { ...operation, tags: ["Operação"], security: [], responses } })

const json = (schema: string, name: string, summary: string, value: object) => ({
  content: { "application/json": { schema: schemaRef(schema), examples: { [name]: { summary, value } } } }
})

export const paths = (publicUrl: string): { readonly [path: string]: PathItem } => ({
  "/health/live": health(
    {
      operationId: "healthLive",
      summary: "O processo está no ar",
      description: "Não diz nada do que ele depende: serve para saber se é preciso reiniciá-lo."
    },
    { "200": { description: "No ar.", ...json("Alive", "ok", "No ar", { status: "ok" }) } }
  ),
  "/health/ready": health(
    {
      operationId: "healthReady",
      summary: "Pronto para receber requisições",
      description: "O banco de dados responde e tem todas as migrações: serve para decidir se o tráfego vem para cá."
    },
    {
      "200": {
        description: "Pronto.",
        ...json("Readiness", "ok", "Pronto", { status: "ok", checks: { database: "ok", migrations: "ok" } })
      },
      "503": {
        description: "Ainda não, ou não mais.",
        ...json("Readiness", "unavailable", "Banco indisponível", {
          status: "unavailable",
          checks: { database: "unavailable", migrations: "unknown" }
        })
      }
    }
  ),
  "/docs/errors": {
    get: {
      operationId: "errorCatalogue",
      summary: "Catálogo de falhas",
      description: "Página para pessoas; com `Accept: application/json`, o mesmo catálogo para programas.",
      tags: ["Documentação"],
      security: [],
      responses: {
        "200": {
          description: "Todos os códigos que uma resposta pode trazer.",
          content: {
            "application/json": {
              schema: schemaRef("ErrorCatalogue"),
              examples: {
                primeira: {
                  summary: entryOf("invalid_json").message,
                  value: { errors: catalogueJson(publicUrl).errors.slice(0, 1) }
                }
              }
            },
            "text/html": { schema: { type: "string" } }
          }
        }
      }
    }
  }
})
