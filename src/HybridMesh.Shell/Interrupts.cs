using System.Management.Automation;

namespace HybridMesh.Shell;

/// <summary>
/// Ctrl+C: stops the pipeline that runs. Outside the prompt the process ends within a second, even when the pipeline
/// is stuck in a call that knows no cancelling or cleaning up takes longer: whoever presses Ctrl+C wants out.
/// </summary>
internal sealed class Interrupts : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(900);

    private readonly LineReader _reader;
    private readonly Lock _gate = new();
    private readonly Timer _exit = new(_ => Environment.Exit(ExitCodes.Interrupted));
    private PowerShell? _running;
    private bool _happened;

    public Interrupts(LineReader reader)
    {
        _reader = reader;
        Console.CancelKeyPress += OnCancel;
    }

    /// <summary>Whether Ctrl+C ends the process, not only the pipeline.</summary>
    public bool EndsProcess { get; set; }

    /// <summary>Whether Ctrl+C came while the last pipeline ran.</summary>
    public bool Happened
    {
        get
        {
            lock (_gate)
            {
                return _happened;
            }
        }
    }

    /// <summary>Lets Ctrl+C stop this pipeline until disposed.</summary>
    public IDisposable Watch(PowerShell shell)
    {
        lock (_gate)
        {
            _running = shell;
            _happened &= EndsProcess;
        }

        return new Watching(this);
    }

    public void Dispose()
    {
        Console.CancelKeyPress -= OnCancel;
        _exit.Dispose();
    }

    private void OnCancel(object? sender, ConsoleCancelEventArgs e)
    {
        e.Cancel = true;
        lock (_gate)
        {
            if (_running is not { } shell)
            {
                return;
            }

            _happened = true;
            _reader.Interrupt();
            shell.BeginStop(null, null);
            if (EndsProcess)
            {
                _exit.Change(Patience, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private sealed class Watching(Interrupts owner) : IDisposable
    {
        public void Dispose()
        {
            lock (owner._gate)
            {
                owner._running = null;
            }
        }
    }
}
