// Software of others inside the shipped files. NOTICES has the texts of the licences, the SBOMs have the entries.

/** A component in CycloneDX. */
export interface Entry {
  readonly type: 'library' | 'framework' | 'platform'
  readonly name: string
  readonly version: string
  /** package URL, which also identifies it within an SBOM */
  readonly purl: string
  readonly cpe?: string
  readonly description?: string
  readonly licenses?: readonly object[]
  readonly hashes?: readonly object[]
  /** what it contains itself */
  readonly components?: readonly Entry[]
}

/** What NOTICES says of a component. */
export interface Notice {
  /** its name there */
  readonly title: string
  /** the text of its licences */
  readonly text: string
}

export interface Component extends Notice {
  readonly entry: Entry
}

/** The package URL of a version. type: with the namespace, as in deb/debian. */
export function purl(type: string, name: string, version: string, qualifiers: Readonly<Record<string, string>> = {}) {
  const more = Object.entries(qualifiers).map(([key, value]) => `${key}=${encodeURIComponent(value)}`)
  const question = more.length > 0 ? `?${more.join('&')}` : ''
  return `pkg:${type}/${encodeURIComponent(name)}@${encodeURIComponent(version)}${question}`
}

/** A licence as SPDX expression, in CycloneDX. */
export const licensed = (expression: string): readonly object[] => [{ expression }]
