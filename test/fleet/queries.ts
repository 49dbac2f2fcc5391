// The queries in the sql blocks of a page, each with the database that its comment names.
import type { Page } from '../docs/page.js'

export interface Query {
  /** the first word of the comment before it: `ksys`, `DuckDB` */
  readonly database: string
  /** without the comment and the semicolon */
  readonly sql: string
}

/** Throws for a query without a comment that names its database. */
export function queriesOf({ path, blocks }: Page): Query[] {
  return blocks
    .filter((b) => b.language === 'sql')
    .flatMap(({ text, line }) =>
      text.split(/;\s*(?:\n|$)/).flatMap((statement) => {
        if (statement.trim() === '') return []
        const [, database, sql] = /^\s*-- (\w+).*\n([\s\S]*)$/.exec(statement) ?? []
        if (database === undefined || sql === undefined)
          throw new Error(`${path}:${line}: a query without a line '-- DATABASE' before it:\n${statement}`)
        return [{ database, sql: sql.trim() }]
      }),
    )
}

/** Databases whose queries are not run, with the reasons. */
export const NOT_RUN: Readonly<Record<string, string>> = {
  Spark: 'Debian and npm have no package of it',
}
