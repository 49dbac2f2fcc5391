// The whole screen, from top to bottom. Positions come from layout.ts, which the reducer uses too.
import { Box } from 'ink'
import { columnsOn } from '../layout/columns.js'
import { footerKeys, placeOf } from '../layout/footer.js'
import { layout } from '../layout/layout.js'
import { aboutItem } from '../layout/legend.js'
import { aboutWidth, menuItems } from '../layout/menu.js'
import { pageLines, textHeight } from '../layout/pages.js'
import { rowsOf } from '../layout/rows.js'
import { rectangleOf } from '../layout/spectrogram.js'
import { marksOf } from '../layout/timeline.js'
import { treeOn } from '../layout/tree.js'
import { spanText } from '../model/chosen.js'
import { page, type UiState } from '../model/model.js'
import { isRaw, selectionFilter } from '../model/query.js'
import { wordsUnder } from '../state/prompts.js'
import { FilterLine } from './filter-line.js'
import { Footer } from './footer.js'
import { Header } from './header.js'
import { ThemeContext } from './line.js'
import { Menu } from './menu.js'
import { reasonOf, TooSmall } from './notice.js'
import { Prompt } from './prompt.js'
import { Spectrogram } from './spectrogram.js'
import { statusesOf } from './status.js'
import { Table } from './table.js'
import { DetailPane, TextPage } from './text-page.js'
import type { Theme } from './theme.js'
import { Timeline } from './timeline.js'

interface AppProps {
  readonly state: UiState
  readonly theme: Theme
}

export function App({ state, theme }: AppProps) {
  return (
    <ThemeContext.Provider value={theme}>
      <Screen state={state} />
    </ThemeContext.Provider>
  )
}

interface StateProps {
  readonly state: UiState
}

function Screen({ state: s }: StateProps) {
  const { tooSmall, width, height, timeline, filterAt } = layout(s)
  if (tooSmall) return <TooSmall width={width} height={height} />
  const live = s.source?.live !== false
  return (
    <Box flexDirection="column" width={width} height={height}>
      <Header width={width} pages={s.pages} status={statusesOf(s)} meter={s.meter} live={live} own={s.own} />
      <Timeline width={width} lines={timeline} meter={s.meter} live={live} {...marksOf(s)} />
      {filterAt !== undefined && (
        <FilterLine
          width={width}
          span={spanText(s)}
          filter={selectionFilter(s)}
          text={page(s).text}
          counts={live ? 'machine' : 'file'}
          data={s.result?.data}
          raw={isRaw(s) ? (s.masked ? 'masked' : 'shown') : undefined}
        />
      )}
      <Middle state={s} />
      <Footer width={width} keys={footerKeys(s)} place={placeOf(s)} note={s.note} failed={s.failed} />
    </Box>
  )
}

/** The table with the prompt, or the overlay that covers it. */
function Middle({ state: s }: StateProps) {
  const { width, body, prompt } = layout(s)
  const o = s.overlay
  switch (o?.kind) {
    case 'views':
    case 'sort':
    case 'actions':
    case 'columns':
    case 'data':
      return (
        <Menu
          {...menuItems(s, o)}
          width={width}
          lines={body + prompt + 1}
          at={o.at}
          about={aboutItem(s, o, aboutWidth(width))}
        />
      )
    case 'detail':
      return <DetailPane width={width} room={textHeight(s)} detail={o.detail} top={o.top} />
    case 'help':
    case 'legend':
    case 'action':
      return <TextPage width={width} room={textHeight(s)} lines={pageLines(s, o)} top={o.top} />
  }
  return (
    <>
      {page(s).view.spectrogram !== undefined ? (
        <Spectrogram
          width={width}
          lines={body}
          rows={rowsOf(s)}
          top={page(s).top}
          marked={rectangleOf(s)}
          refused={s.refused}
          nothing={reasonOf(s)}
        />
      ) : (
        <Table
          width={width}
          rows={body}
          columns={columnsOn(s)}
          result={s.result}
          shown={rowsOf(s)}
          tree={page(s).text === '' ? treeOn(s) : undefined}
          refused={s.refused}
          nothing={reasonOf(s)}
          page={page(s)}
          search={s.search || page(s).text}
        />
      )}
      {o !== undefined && <Prompt overlay={o} words={wordsUnder(s)} width={width} lines={prompt} />}
    </>
  )
}
