// The lines of the screen: the reducer gets the number of rows that fit from here, the components their positions.
import { page, type UiState } from '../model/model.js'
import { queryFilter, showsData } from '../model/query.js'

const SMALLEST = { width: 40, height: 8 }
/** screen heights from which the timeline has one line, and two */
const TIMELINE = { one: 14, two: 32 }
/** lines under a filter being typed: an error with its caret, or field names */
const HINTS = 5
/** lines of a prompt, by overlay */
const PROMPTS: Partial<Record<NonNullable<UiState['overlay']>['kind'], number>> = {
  filter: 1 + HINTS,
  named: 1 + HINTS,
  text: 2,
  search: 1,
  command: 1,
}

interface Layout {
  /** the terminal cannot hold a table */
  readonly tooSmall: boolean
  /** cells of a line, and lines */
  readonly width: number
  readonly height: number
  /** the timeline's first line, and how many it has */
  readonly timelineAt: number
  readonly timeline: number
  /** line of the filter and data status; undefined if neither is shown */
  readonly filterAt: number | undefined
  /** line of the column titles */
  readonly titlesAt: number
  readonly bodyAt: number
  /** rows of the table that fit */
  readonly body: number
  /** lines of the prompt */
  readonly prompt: number
  readonly footerAt: number
}

export function layout(s: UiState): Layout {
  const lines = s.height
  const timeline = s.height < TIMELINE.one ? 0 : s.height < TIMELINE.two ? 1 : 2
  const filter = queryFilter(s) === '' && page(s).text === '' && !showsData(s) ? 0 : 1
  const kind = s.overlay?.kind
  const timelineAt = 2
  const titlesAt = timelineAt + timeline + filter
  const wanted = kind === undefined ? 0 : (PROMPTS[kind] ?? 0)
  const prompt = Math.max(0, Math.min(wanted, lines - titlesAt - 2))
  return {
    tooSmall: s.width < SMALLEST.width || s.height < SMALLEST.height,
    width: s.width,
    height: s.height,
    timelineAt,
    timeline,
    filterAt: filter === 0 ? undefined : timelineAt + timeline,
    titlesAt,
    bodyAt: titlesAt + 1,
    body: Math.max(0, lines - titlesAt - 2 - prompt),
    prompt,
    footerAt: lines - 1,
  }
}
