using System.Management.Automation.Language;

namespace HybridMesh.Shell;

/// <summary>Reads and runs statements until exit or the end of input.</summary>
internal sealed class Prompt(Screen screen, Func<string, Outcome> run, Func<int?> exitCode)
{
    public int Run()
    {
        while (ReadStatement() is { } statement)
        {
            if (statement.Length > 0)
            {
                run(statement);
            }

            if (exitCode() is { } code)
            {
                return code;
            }
        }

        return ExitCodes.Success;
    }

    private static bool IsIncomplete(string text)
    {
        Parser.ParseInput(text, out _, out ParseError[] errors);
        return errors.Any(error => error.IncompleteInput);
    }

    private string? ReadStatement()
    {
        Show("HybridMesh> ");
        string? text = Console.ReadLine();
        while (text is not null && IsIncomplete(text))
        {
            Show(">> ");
            // An empty line gives up, so that a forgotten brace does not hold the prompt for ever.
            if (Console.ReadLine() is not { Length: > 0 } more)
            {
                break;
            }

            text += "\n" + more;
        }

        return text?.Trim();
    }

    private void Show(string prompt)
    {
        if (screen.IsInteractive)
        {
            screen.Write(prompt);
        }
    }
}
