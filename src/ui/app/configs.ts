import type { Options } from "../../options/table.js";
import { paramsOf } from "../../options/url-params.js";
import type { ConfigInfo } from "../../page/protocol.js";
import type { State } from "../contract.js";
import { openDialog } from "../widgets/dialog.js";
import { h } from "../widgets/elements.js";
import { type MenuItem, openMenuOf } from "../widgets/menu.js";
import type { ConfigStore } from "./hosts.js";
import { configParams, configState } from "./state.js";

export interface ConfigsRequest {
  /** Undefined if nothing can be saved. */
  readonly store: ConfigStore | undefined;
  /** The configurations to show if they cannot be read now. */
  readonly known: readonly ConfigInfo[];
  /** The options that the addresses of the page differ from. */
  readonly base: Options;
  readonly state: State;
  href(change: Partial<State>): string;
  go(change: Partial<State>): void;
  /** Shows a result or an error to the user. */
  notify(message: string): void;
}

/** Opens the menu of configurations. Reads them again, because other pages may have changed them. */
export async function openConfigsMenu(anchor: HTMLElement, request: ConfigsRequest): Promise<void> {
  const { store, known, state, notify } = request;
  const base = store?.base ?? request.base;
  let configs = known;
  try {
    configs = (await store?.list()) ?? known;
  } catch (error) {
    notify(error instanceof Error ? error.message : String(error));
  }
  const kept = configParams(state);
  const params = new URLSearchParams([...paramsOf(state.options, base), ...kept]);
  /** Returns the changes that a configuration makes. It does not change the sample type. */
  const changeOf = (text: string): Partial<State> => {
    const { options = base, ...drawing } = configState(text, base);
    return { options: { ...options, sample_index: state.options.sample_index }, ...drawing };
  };
  const items = configItems({
    store,
    configs,
    params: params.toString(),
    save: async (name) => store?.save(name, state.options, kept),
    href: (text) => request.href(changeOf(text)),
    follow: (text) => request.go(changeOf(text)),
    changed: notify,
  });
  openMenuOf(anchor, items, "Configurations");
}

interface ConfigContext {
  readonly store: ConfigStore | undefined;
  readonly configs: readonly ConfigInfo[];
  /** The parameters that the current options have in a configuration. */
  readonly params: string;
  /** Saves the current options. */
  save(name: string): Promise<void>;
  /** Returns the address of this page with the options of a configuration. */
  href(params: string): string;
  follow(params: string): void;
  /** Called after a change with a message for the user. */
  changed(message: string): void;
}

/** Returns the menu of configurations: sets of filters and options saved under a name. */
function configItems(context: ConfigContext): MenuItem[] {
  const { store, configs } = context;
  const here = context.href(context.params);
  const isHere = (params: string) => context.href(params) === here;
  return [
    { heading: "Saved filters and options, shared with the shell and with pprof" },
    {
      label: "As started",
      detail: "the options of the command line",
      href: context.href(""),
      isChecked: isHere(""),
      act: () => context.follow(""),
    },
    ...configs.map(
      ({ name, params }): MenuItem => ({
        label: name,
        detail: params === "" ? "no filters" : decodeURIComponent(params.replace(/\+/g, " ")),
        href: context.href(params),
        isChecked: isHere(params),
        act: () => context.follow(params),
      }),
    ),
    "separator",
    {
      label: "Save as…",
      ...(store
        ? { act: () => openSave(store, context) }
        : { isDisabled: true, detail: "needs tsprof serve" }),
    },
    ...(store && configs.length > 0
      ? [{ label: "Delete…", act: () => openDelete(store, context) }]
      : []),
  ];
}

function openSave(store: ConfigStore, { configs, save, changed }: ConfigContext): void {
  const list = h(
    "datalist",
    { id: "config-names" },
    configs.map(({ name }) => h("option", { value: name })),
  );
  /** The name that the user was warned about: saving it again replaces the configuration. */
  let warnedOf = "";
  const showLabel = () => {
    const button = dialog.element.querySelector("button.main");
    const replaces = warnedOf !== "" && warnedOf === field.value.trim();
    if (button) button.textContent = replaces ? "Replace" : "Save";
  };
  const field = h("input", {
    type: "text",
    class: "wide",
    list: "config-names",
    "aria-label": "Name",
    placeholder: "Name",
    autocomplete: "off",
    oninput: showLabel,
  });
  const dialog = openDialog(
    "Save filters and options",
    [
      h(
        "p",
        { class: "note" },
        "You can load them here, in the shell (config load NAME), and in pprof’s web interface.",
      ),
      field,
      list,
    ],
    [
      { label: "Cancel" },
      {
        label: "Save",
        isMain: true,
        async act() {
          const name = field.value.trim();
          if (name === "") throw new Error("A configuration needs a name.");
          // Another page may have saved it in the meantime.
          const exists = (await store.list()).some((config) => config.name === name);
          if (exists && warnedOf !== name) {
            warnedOf = name;
            showLabel();
            throw new Error(`“${name}” exists. Replace it, or choose another name.`);
          }
          await save(name);
          changed(`Saved as “${name}”.`);
        },
      },
    ],
  );
  field.focus();
}

function openDelete(store: ConfigStore, { configs, changed }: ConfigContext): void {
  const select = h(
    "select",
    { "aria-label": "Configuration" },
    configs.map(({ name }) => h("option", { value: name }, name)),
  );
  openDialog("Delete a configuration", select, [
    { label: "Cancel" },
    {
      label: "Delete",
      isMain: true,
      async act() {
        await store.remove(select.value);
        changed(`Deleted “${select.value}”.`);
      },
    },
  ]);
}
