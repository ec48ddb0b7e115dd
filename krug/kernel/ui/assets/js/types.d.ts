declare module "sortablejs" {
  type Move = { item: HTMLElement; from: HTMLElement; to: HTMLElement; oldDraggableIndex?: number };
  export default class Sortable {
    constructor(element: HTMLElement, options: { group?: string; draggable?: string; ghostClass?: string; animation?: number; onEnd?: (move: Move) => void });
  }
}
interface CSS {
  escape(text: string): string;
}
