namespace HybridMesh.Shell;

/// <summary>What the process is to do.</summary>
internal enum ShellMode
{
    Prompt,
    Script,
    Command,
    Help,
    Version,
}

/// <summary>The command line.</summary>
internal sealed record ShellArguments
{
    public const string Usage =
        """
        HybridMesh.Shell runs PowerShell scripts with the HybridMesh module loaded, where no pwsh is installed.

          HybridMesh.Shell [options] script.ps1 [-Name value] [-Switch] [value] ...
          HybridMesh.Shell [options] -Command "Get-MeshLab"
          HybridMesh.Shell [options]                          a prompt; exit leaves it

        options, before the script:
          --module <path>   the HybridMesh.psd1 to import (default: found from the program's folder upwards)
          --no-module       import nothing
          --help, --version

        The engine has PowerShell's Core commands only (ForEach-Object, Where-Object, Get-Command, Get-Help, ...).
        Exit codes: the script's own exit N; 1 after a terminating error; 130 after Ctrl+C; 64 for a wrong command line.
        """;

    public ShellMode Mode { get; init; }

    /// <summary>The script's path, or the command's text.</summary>
    public string Text { get; init; } = "";

    /// <summary>What follows the script: handed to it as it is.</summary>
    public IReadOnlyList<string> Rest { get; init; } = [];

    /// <summary>The module to import; null to look for it.</summary>
    public string? Module { get; init; }

    public bool ImportModule { get; init; } = true;

    public static bool TryParse(IReadOnlyList<string> args, out ShellArguments arguments, out string? complaint)
    {
        arguments = new ShellArguments();
        complaint = null;
        for (int i = 0; i < args.Count; i++)
        {
            string next = i + 1 < args.Count ? args[i + 1] : "";
            switch (args[i].ToLowerInvariant())
            {
                case "--help" or "-h" or "-?":
                    arguments = arguments with { Mode = ShellMode.Help };
                    return true;
                case "--version":
                    arguments = arguments with { Mode = ShellMode.Version };
                    return true;
                case "--no-module":
                    arguments = arguments with { ImportModule = false };
                    break;
                case "--module" when next.Length > 0:
                    arguments = arguments with { Module = next };
                    i++;
                    break;
                case "-command" or "-c" when next.Length > 0:
                    arguments = arguments with { Mode = ShellMode.Command, Text = string.Join(' ', args.Skip(i + 1)) };
                    return true;
                case "-file" or "-f" when next.Length > 0:
                    arguments = Script(arguments, next, args.Skip(i + 2));
                    return true;
                case ['-', ..]:
                    complaint = next.Length == 0
                        ? $"'{args[i]}' is unknown, or lacks its value."
                        : $"'{args[i]}' is unknown; a script's own arguments come after the script.";
                    return false;
                default:
                    arguments = Script(arguments, args[i], args.Skip(i + 1));
                    return true;
            }
        }

        return true;
    }

    private static ShellArguments Script(ShellArguments arguments, string path, IEnumerable<string> rest) =>
        arguments with { Mode = ShellMode.Script, Text = path, Rest = [.. rest] };
}
