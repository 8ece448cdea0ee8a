using System.Text;
using System.Text.RegularExpressions;

namespace HybridMesh.Shell;

/// <summary>
/// Where text goes. Output goes to standard output; errors, warnings and the like to standard error, so that a pipe
/// gets results only. A line of progress lives at the terminal's bottom and makes way for everything else.
/// </summary>
internal sealed partial class Screen
{
    private const int WidthOfPipes = 120;
    private const string EraseLine = "\r\e[K";

    private readonly Lock _gate = new();
    private readonly TextWriter _output;
    private readonly TextWriter _errors;
    private bool _progressShown;

    public Screen(TextWriter output, TextWriter errors)
    {
        _output = output;
        _errors = errors;
    }

    /// <summary>Whether output goes to a terminal.</summary>
    public bool IsTerminal { get; init; }

    /// <summary>Whether somebody can answer questions.</summary>
    public bool IsInteractive { get; init; }

    /// <summary>Whether output may carry colours.</summary>
    public bool Colours { get; init; }

    /// <summary>Whether errors go to a terminal and may carry colours.</summary>
    public bool ErrorColours { get; init; }

    /// <summary>The columns of a line.</summary>
    public int Width => IsTerminal && Console.WindowWidth > 0 ? Console.WindowWidth : WidthOfPipes;

    /// <summary>The screen of this process.</summary>
    public static Screen OfConsole()
    {
        Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        bool plain = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
            || Environment.GetEnvironmentVariable("TERM") == "dumb";
        return new Screen(Console.Out, Console.Error)
        {
            IsTerminal = !Console.IsOutputRedirected,
            IsInteractive = !Console.IsInputRedirected,
            Colours = !plain && !Console.IsOutputRedirected,
            ErrorColours = !plain && !Console.IsErrorRedirected,
        };
    }

    public void Write(string text)
    {
        lock (_gate)
        {
            ClearProgress();
            // The engine's tables carry colours even when $PSStyle says PlainText; pwsh's own host removes them too.
            _output.Write(Colours ? text : Colour().Replace(text, ""));
        }
    }

    /// <summary>
    /// Writes a line to standard error, in a colour of SGR codes such as 31 where colours are allowed.
    /// </summary>
    public void WriteError(string line, string colour)
    {
        lock (_gate)
        {
            ClearProgress();
            _errors.WriteLine(ErrorColours ? $"\e[{colour}m{line}\e[0m" : line);
        }
    }

    /// <summary>Shows a line of progress, or takes it away when null. Nothing in a pipe.</summary>
    public void ShowProgress(string? line)
    {
        if (!IsTerminal)
        {
            return;
        }

        lock (_gate)
        {
            if (line is null)
            {
                ClearProgress();
                return;
            }

            int room = Width - 1;
            _output.Write(EraseLine + (line.Length > room ? line[..room] : line));
            _progressShown = true;
        }
    }

    [GeneratedRegex("\e\\[[0-9;]*m")]
    private static partial Regex Colour();

    private void ClearProgress()
    {
        if (_progressShown)
        {
            _output.Write(EraseLine);
            _progressShown = false;
        }
    }
}
