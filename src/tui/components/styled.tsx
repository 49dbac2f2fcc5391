// Text in the look of its role. Ink's own colours are not used: it detects the terminal's capabilities differently.
import { Transform } from 'ink'
import { createContext, useContext } from 'react'
import type { Role } from '../layout/spans.js'
import { Theme } from './theme.js'

/** The looks of roles on this terminal; without colours by default. */
export const ThemeContext = createContext(new Theme(0))

export interface StyledProps {
  readonly role: Role
  /** clean text */
  readonly children: string
}

export function Styled({ role, children }: StyledProps) {
  const paint = useContext(ThemeContext).paint(role)
  return paint === undefined ? children : <Transform transform={paint}>{children}</Transform>
}
