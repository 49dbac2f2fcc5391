// Saved choices of the user, and how they are parsed from untrusted text.
import { THEMES, type ThemeChoice } from '../terminal/color.js'

/** The columns of a view, by their titles. */
export interface Arrangement {
  /** from left to right; unnamed columns are placed as in the view */
  readonly order: readonly string[]
  readonly hidden: readonly string[]
}

/** Choices for one view. */
export interface ViewSettings {
  readonly columns?: Arrangement | undefined
  /** column: its title */
  readonly sort?: { readonly column: string; readonly ascending: boolean } | undefined
}

/** Only chosen values are present; the rest comes from options and defaults. */
export interface Settings {
  readonly theme?: ThemeChoice | undefined
  /** ms between two refreshes */
  readonly refresh?: number | undefined
  readonly mouse?: boolean | undefined
  /** by the id of the view */
  readonly views: Readonly<Record<string, ViewSettings>>
}

export const NONE: Settings = { views: {} }

/** minimum and maximum ms between two refreshes */
export const REFRESH = { least: 100, most: 3_600_000 }
/** views, columns of a view, characters of a title */
const MOST = { views: 500, columns: 200, title: 80 }

/** Settings as text that a user can read and edit. */
export function settingsText(s: Settings): string {
  return `${JSON.stringify(s, undefined, 2)}\n`
}

/** Parses settings; throws an error that describes what is wrong without quoting the text. */
export function parseSettings(text: string): Settings {
  const all = record(json(text), 'it')
  const views = Object.entries(record(all.views ?? {}, 'views'))
  if (views.length > MOST.views) throw new Error('it has too many views')
  return {
    ...optional('theme', all.theme, (v) => THEMES.find((t) => t === v)),
    ...optional('refresh', all.refresh, (v) =>
      Number.isInteger(v) && (v as number) >= REFRESH.least && (v as number) <= REFRESH.most
        ? (v as number)
        : undefined,
    ),
    ...optional('mouse', all.mouse, (v) => (typeof v === 'boolean' ? v : undefined)),
    views: Object.fromEntries(views.map(([id, v]) => [id, viewOf(record(v, 'a view'))])),
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error('it is not JSON')
  }
}

function viewOf(v: Readonly<Record<string, unknown>>): ViewSettings {
  return {
    ...optional('columns', v.columns, (c) => {
      const { order, hidden } = record(c, 'columns of a view')
      return { order: titles(order), hidden: titles(hidden) }
    }),
    ...optional('sort', v.sort, (c) => {
      const { column, ascending } = record(c, 'sort of a view')
      return isTitle(column) && typeof ascending === 'boolean' ? { column, ascending } : undefined
    }),
  }
}

function optional<K extends string, T>(key: K, value: unknown, parse: (v: unknown) => T | undefined): { [k in K]?: T } {
  if (value === undefined) return {}
  const known = parse(value)
  if (known === undefined) throw new Error(`its "${key}" has an invalid value`)
  return { [key]: known } as { [k in K]?: T }
}

function record(v: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof v !== 'object' || v === null || Array.isArray(v)) throw new Error(`${what} should be an object`)
  return v as Readonly<Record<string, unknown>>
}

function titles(v: unknown): readonly string[] {
  if (!Array.isArray(v) || v.length > MOST.columns || !v.every(isTitle))
    throw new Error('columns should be lists of titles')
  return v
}

function isTitle(v: unknown): v is string {
  return typeof v === 'string' && v.length <= MOST.title
}
