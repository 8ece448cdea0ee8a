using System.Management.Automation;
using System.Text;

namespace HybridMesh.Shell;

/// <summary>Reads a line from the terminal so that Ctrl+C can end the wait.</summary>
internal sealed class LineReader
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);
    private volatile bool _interrupted;

    /// <summary>Ends the wait for a line.</summary>
    public void Interrupt() => _interrupted = true;

    /// <summary>Reads a line, shown as stars when masked.</summary>
    public string Read(bool masked)
    {
        _interrupted = false;
        StringBuilder line = new();
        while (true)
        {
            // Console.ReadKey can't be cancelled, so we only call it when a key is there.
            while (!Console.KeyAvailable)
            {
                if (_interrupted)
                {
                    throw new PipelineStoppedException();
                }

                Thread.Sleep(Poll);
            }

            ConsoleKeyInfo key = Console.ReadKey(intercept: true);
            switch (key.Key)
            {
                case ConsoleKey.Enter:
                    Console.WriteLine();
                    return line.ToString();
                case ConsoleKey.Backspace:
                    if (line.Length > 0)
                    {
                        line.Length--;
                        Console.Write("\b \b");
                    }

                    break;
                default:
                    if (!char.IsControl(key.KeyChar))
                    {
                        line.Append(key.KeyChar);
                        Console.Write(masked ? '*' : key.KeyChar);
                    }

                    break;
            }
        }
    }
}
