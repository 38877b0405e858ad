/**
 * How tests reach the engines of a page: by the ports that the page itself speaks through, so that
 * the page that is shipped has nothing in it for tests.
 */

/**
 * In the page, before its own scripts. `__raft` is of the laboratory that owns the page, `__rafts`
 * of each by the id of its element, once its engine is loaded: `lab()` has every method of the
 * engine's laboratory as a promise, `digestOf` plays a playbook in the place of the run,
 * `rest()` comes true once all that was asked for is answered, loaded and drawn, or takes long, and `hold`
 * keeps the engine from hearing anything for so many milliseconds.
 */
export function reachEngines() {
  /** What takes longer to be loaded is waited for by nobody. */
  const longMs = 2000;
  const ports = [];
  /** When what is being loaded or unpacked, beside the engine's answers, was asked for. */
  const loads = new Set();
  const isLoading = () => [...loads].some(({ since }) => performance.now() - since < longMs);
  const load = () => {
    const one = { since: performance.now() };
    loads.add(one);
    return () => loads.delete(one);
  };
  // A part of the page comes with an element of its own, which is added as soon as it is made.
  const createElement = document.createElement.bind(document);
  document.createElement = (name, ...rest) => {
    const element = createElement(name, ...rest);
    if (name === "script" || name === "link") {
      const arrived = load();
      for (const end of ["load", "error"]) element.addEventListener(end, arrived);
      // Nobody is told when a manifest has arrived, and nobody waits for it.
      queueMicrotask(() => {
        if (element.rel === "manifest") arrived();
      });
    }
    return element;
  };
  for (const method of ["arrayBuffer", "text"]) {
    const plain = Response.prototype[method];
    Response.prototype[method] = function () {
      return plain.call(this).finally(load());
    };
  }

  /** Notes what goes through a port, and sends calls of its own. */
  function watch(port) {
    const waiting = new Map();
    const slow = new Set();
    const watched = { isLoaded: false, isAtRest: () => waiting.size === 0 || slow.size > 0 };
    const post = port.postMessage.bind(port);
    const noted = (message, done) => {
      if (message?.call) waiting.set(message.id, done);
      post(message);
    };
    port.postMessage = (message) => {
      const isLoad = message?.call?.kind === "load";
      noted(message, (answer) => {
        if (isLoad) watched.isLoaded = !("failed" in answer);
      });
    };
    port.addEventListener("message", ({ data }) => {
      if (!waiting.has(data?.id)) return;
      if ("progress" in data) {
        slow.add(data.id);
        return;
      }
      const done = waiting.get(data.id);
      waiting.delete(data.id);
      slow.delete(data.id);
      done(data);
    });
    let calls = 0;
    watched.call = (call) => {
      calls += 1;
      const id = `test ${calls}`;
      return new Promise((resolve) => noted({ id, call }, ({ value }) => resolve(value)));
    };
    watched.hold = (ms) => post({ hold: ms });
    ports.push(watched);
  }

  const { Blob, MessageChannel, Worker } = globalThis;
  globalThis.Worker = class extends Worker {
    constructor(...args) {
      super(...args);
      watch(this);
    }
  };
  globalThis.MessageChannel = class extends MessageChannel {
    constructor() {
      super();
      watch(this.port1);
    }
  };
  // Runs in the worker, before the engine hears anything.
  function held() {
    self.addEventListener("message", (event) => {
      if (!event.data?.hold) return;
      event.stopImmediatePropagation();
      const until = performance.now() + event.data.hold;
      while (performance.now() < until);
    });
  }
  globalThis.Blob = class extends Blob {
    constructor(parts, options) {
      const isScript = options?.type === "text/javascript";
      super(isScript ? [`(${held})();`, ...parts] : parts, options);
    }
  };

  function reaching(port, element) {
    const ask = (question, args) => port.call({ kind: "ask", question, args });
    const methods = {
      get:
        (_, name) =>
        (...args) =>
          ask(String(name), args),
    };
    const lab = new Proxy({}, methods);
    let last = Promise.resolve();
    const digest = async (text) => {
      const opened = await port.call({ kind: "open", text });
      if (opened?.kind !== "opened") return undefined;
      await port.call({ kind: "adopt" });
      return ask("digest", []);
    };
    const isQuiet = () => !isLoading() && (port.isAtRest() || isPlaying());
    const answered = async () => {
      do await soon();
      while (!isQuiet());
    };
    const isPlaying = () => element.querySelector(".play")?.dataset.play === "playing";
    return {
      lab: () => lab,
      // One after the other: what is opened takes the place of what is being opened.
      digestOf: (text) => {
        last = last.then(() => digest(text));
        return last;
      },
      hold: port.hold,
      // What was asked is answered; it may not be drawn, nor what that asks for.
      answered,
      rest: async () => {
        // An answer may lead to the next request, and so may what is drawn.
        for (let frames = 0; frames < 1 || !isQuiet(); frames++) {
          await answered();
          await drawn();
        }
      },
    };
  }

  const soon = () => new Promise((wake) => setTimeout(wake, 0));
  /** The next frame is drawn, and what follows from it done; a page that nobody sees draws none. */
  const drawn = () =>
    new Promise((done) => {
      requestAnimationFrame(() => setTimeout(() => setTimeout(done)));
      setTimeout(done, 100);
    });

  /** Those of the page's laboratories, in their order, whose engines are loaded. */
  function reached() {
    const elements = document.querySelectorAll(".lab");
    const loaded = ports.filter(({ isLoaded }) => isLoaded);
    return loaded.map((port, i) => {
      port.reach ??= reaching(port, elements[i]);
      return [elements[i].id, port.reach];
    });
  }
  Object.defineProperty(globalThis, "__raft", { get: () => reached()[0]?.[1] });
  Object.defineProperty(globalThis, "__rafts", { get: () => Object.fromEntries(reached()) });
}
