/**
 * The texts of authentication templates are Meta's: one creates such a template without them, and Meta returns it with
 * them. Where an operator gives the template as it was created, these stand in, for our own record of what was said;
 * what the person reads is Meta's in any case.
 *
 * Source: Meta, "Authentication templates", "Template previews" (English and Spanish); the Portuguese is ours.
 */
interface Preset {
  readonly body: string
  readonly recommendation: string
  readonly footer: (minutes: number) => string
}

const english: Preset = {
  body: "*{{1}}* is your verification code.",
  recommendation: "For your security, do not share this code.",
  footer: (minutes) => `This code expires in ${minutes} minutes.`
}

const presets: { readonly [language: string]: Preset } = {
  pt: {
    body: "*{{1}}* é o seu código de verificação.",
    recommendation: "Para sua segurança, não o compartilhe.",
    footer: (minutes) => `Este código expira em ${minutes} minutos.`
  },
  es: {
    body: "Tu código de verificación es *{{1}}*.",
    recommendation: "Por tu seguridad, no lo compartas.",
    footer: (minutes) => `Este código caduca en ${minutes} minutos.`
  }
}

const presetOf = (language: string): Preset => presets[language.split("_")[0] ?? ""] ?? english

export const body = (language: string, recommending: boolean): string => {
  const preset = presetOf(language)
  return recommending ? `${preset.body} ${preset.recommendation}` : preset.body
}

export const footer = (language: string, minutes: number): string => presetOf(language).footer(minutes)
