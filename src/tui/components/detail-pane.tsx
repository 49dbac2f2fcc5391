// Details of one event, instead of the table.
import { useMemo } from 'react'
import { detailLines } from '../layout/detail.js'
import { textWidth } from '../layout/pages.js'
import type { Detail } from '../worker/messages.js'
import { TextPage, type TextPageProps } from './text-page.js'

export interface DetailPaneProps extends Omit<TextPageProps, 'lines'> {
  /** undefined until the event is loaded */
  readonly detail: Detail | undefined
}

export function DetailPane({ detail, width, room, top }: DetailPaneProps) {
  const lines = useMemo(() => detailLines(detail, textWidth(width)), [detail, width])
  return <TextPage lines={lines} width={width} room={room} top={top} />
}
