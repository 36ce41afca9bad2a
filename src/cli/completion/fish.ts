import {
  byValue,
  type CompletionModel,
  type Flag,
  type FlagValue,
  namesBeforeValue,
  type Word,
} from "./model.js";
import { quoteFish } from "./quote.js";

/** Writes the script for fish 3 and later. Fish itself completes files. */
export function fishScript(model: CompletionModel): string {
  const { reports, tools, flags, letters, programFlags, help } = model;
  const commands = [...reports, ...tools];
  const withParameter = reports.filter(({ parameter }) => parameter !== undefined);
  const others = reports.filter(({ parameter }) => parameter === undefined);
  return `# Completion of tsprof for fish, made by: tsprof completion fish

# Prints the words for the cursor, one per line; fails if a file belongs there.
function __tsprof_offer
    set -l words (commandline -opc)
    set -l cur (commandline -ct)
    set -e words[1]

    # Scan the words before the cursor for the command, its operands and an option without its value.
    set -l command ''
    set -l operands 0
    set -l option ''
    set -l literal ''
    for word in $words
        if test -n "$option"
            set option ''
        else if test -n "$literal"; or test "$word" = -; or not string match -q -- '-*' $word
            if test -z "$command"; and test $operands -eq 0
                switch $word
                    case ${alternatives(commands)}
                        set command $word
                    case '*'
                        set operands 1
                end
            else
                set operands (math $operands + 1)
            end
        else if test "$word" = --
            set literal 1
        else
            set -l name (__tsprof_name $word)
            switch $name
                case ${alternatives(withParameter)}
                    set command $name
                    set operands 1
                case ${alternatives(others)}
                    set command $name
            end
            if not string match -q -- '*=*' $word
                switch $name
                    case ${namesBeforeValue(model).map(quoteFish).join(" ")}
                        set option $name
                end
            end
        end
    end

    if test -z "$option$literal"; and string match -q -- '-*=*' $cur
        set option (__tsprof_name $cur)
        __tsprof_value $option | string replace -r -- '^' (string replace -r -- '=.*' = $cur)
        return $pipestatus[1]
    else if test -n "$option"
        __tsprof_value $option
        return
    else if test -z "$literal"; and string match -q -- '-*' $cur
        set -l groups help report
        switch $command
            case ''
                set groups help report program
            case ${alternatives(tools)}
                set groups help
        end
        set -l dash (string match -r -- '^--?' $cur)
        # A dash in a name is the same as an underscore.
        set -l underscore _
        string match -qr -- '^--?[^-].*-' $cur; and set underscore -
        # Leave out options that have no effect in the command.
        set -l idle ''
        switch $command
${idleCases(model)}
        end
        __tsprof_flags $groups | string match -rv -- '^('(string join '|' $idle)')=?\\t' | string replace -r -- '^' $dash | string replace -ar -- '_(?=.*\\t)' $underscore
    else if test -z "$command"; and test $operands -eq 0
        # A word that begins no command may be a file.
        string match -q -- "$cur*" ${alternatives(commands)}; or return 1
        __tsprof_commands
    else
        switch $command:$operands
${operandCases(model)}
            case '*'
                return 1
        end
    end
    return 0
end

# Prints the name of an option as in the tables.
function __tsprof_name -a word
    string replace -r -- '^--?' '' (string replace -r -- '=.*' '' $word) | string replace -a -- - _
end

# Prints the values of an option; fails if they are paths.
function __tsprof_value -a option
    switch $option
${valueCases([...flags, ...letters, ...programFlags, help])}
    end
    return 0
end

# Prints the options of the given groups.
function __tsprof_flags
${flagGroup("report", flags)}
${flagGroup("program", programFlags)}
${flagGroup("help", [help])}
end

function __tsprof_commands
${print(commands, 4)}
end

complete -c tsprof -e
complete -c tsprof -f -a '(__tsprof_offer)'
complete -c tsprof -n 'not __tsprof_offer >/dev/null' -F
`;
}

function valueCases(flags: readonly Flag[]): string {
  return byValue(flags)
    .map(({ value, flags }) => `        case ${alternatives(flags)}\n${valueOffer(value)}`)
    .join("\n");
}

function valueOffer(value: FlagValue): string {
  if (value.kind === "words") return print(value.words, 12);
  return `            return ${value.kind === "free" ? 0 : 1}`;
}

/** Returns the cases for the options that have no effect in a command. */
function idleCases({ idleFlags }: CompletionModel): string {
  return idleFlags
    .map(
      ({ commands, flags }) =>
        `            case ${alternatives(commands)}\n                set idle ${flags.join(" ")}`,
    )
    .join("\n");
}

/** Returns the cases for the operands of a command before its sources, or instead of them. */
function operandCases({ reports, tools, shells }: CompletionModel): string {
  const parameters = reports.filter(({ parameter }) => parameter !== undefined);
  const first = {
    command: "                __tsprof_commands",
    shell: print(shells, 16),
  };
  return [
    `            case ${parameters.map(({ name }) => quoteFish(`${name}:0`)).join(" ")}`,
    ...tools.flatMap(({ name, operand }) => [
      ...(operand ? [`            case ${quoteFish(`${name}:0`)}\n${first[operand]}`] : []),
      `            case ${quoteFish(`${name}:*`)}`,
    ]),
  ].join("\n");
}

/** Returns the line that prints a group of options if it is among the arguments. */
function flagGroup(group: string, flags: readonly Flag[]): string {
  const words = flags.map(({ name, wantsValue, summary }) => ({
    name: wantsValue ? `${name}=` : name,
    summary,
  }));
  return `    if contains ${group} $argv\n${print(words, 8)}\n    end`;
}

/** Returns the line that prints words with a tab and their summaries, as fish expects. */
function print(words: readonly Word[], indent: number): string {
  const space = " ".repeat(indent);
  const lines = words.map(
    ({ name, summary }) => ` \\\n${space}    ${quoteFish(name)} ${quoteFish(summary)}`,
  );
  return `${space}printf '%s\\t%s\\n'${lines.join("")}`;
}

function alternatives(words: readonly Word[]): string {
  return words.map(({ name }) => quoteFish(name)).join(" ");
}
