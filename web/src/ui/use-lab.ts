/** How what is drawn finds the laboratory that it is drawn for. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Lab } from "../state/lab";

export const LabContext = createContext<Lab | undefined>(undefined);

export function useLab(): Lab {
  const lab = useContext(LabContext);
  if (!lab) throw new Error("A component of a laboratory is drawn outside of one.");
  return lab;
}

/** The id of an element in a laboratory: the page may hold another with an element of that name. */
export function idIn({ element }: Lab, name: string): string {
  return `${element.id}-${name}`;
}
