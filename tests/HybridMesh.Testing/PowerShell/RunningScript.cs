using System.Diagnostics;
using System.Management.Automation;

namespace HybridMesh.Testing;

/// <summary>A script that runs in the background.</summary>
public sealed class RunningScript : IDisposable
{
    private readonly CmdletHost _host;
    private readonly PowerShell _shell;
    private readonly PSDataCollection<PSObject> _output = [];
    private readonly IAsyncResult _running;
    private readonly Stopwatch _watch = Stopwatch.StartNew();

    internal RunningScript(CmdletHost host, string script)
    {
        _host = host;
        _shell = PowerShell.Create();
        _shell.Runspace = host.Runspace;
        _shell.AddScript(script);
        _running = _shell.BeginInvoke<PSObject, PSObject>(input: null, _output);
    }

    /// <summary>Waits until the script has written this many objects.</summary>
    public void WaitForOutput(int count) => WaitUntil(() => _output.Count >= count, $"{count} objects of output");

    /// <summary>Waits for a condition, failing when it does not come true or the script ends before.</summary>
    public void WaitUntil(Func<bool> condition, string what)
    {
        while (!condition())
        {
            if (_running.IsCompleted && !condition())
            {
                throw new InvalidOperationException(
                    $"The script ended before {what}: {string.Join(" | ", Wait().Errors)}");
            }

            if (_watch.Elapsed > CmdletHost.Limit)
            {
                throw new TimeoutException($"Waited {CmdletHost.Limit.TotalSeconds:0} s for {what}.");
            }

            // A condition of another thread that signals nothing: the poll is short and bounded by the deadline.
            _running.AsyncWaitHandle.WaitOne(5);
        }
    }

    /// <summary>
    /// What a stop may take. Users are promised a second; a machine that runs the other tests beside gets one more.
    /// </summary>
    public static TimeSpan StopLimit { get; } = TimeSpan.FromSeconds(2);

    /// <summary>Stops the script as Ctrl+C would, and tells how long that took.</summary>
    public TimeSpan Stop()
    {
        Stopwatch watch = Stopwatch.StartNew();
        IAsyncResult stopping = _shell.BeginStop(null, null);
        if (!stopping.AsyncWaitHandle.WaitOne(CmdletHost.Limit))
        {
            throw new TimeoutException($"The script did not stop within {CmdletHost.Limit.TotalSeconds:0} s.");
        }

        _shell.EndStop(stopping);
        return watch.Elapsed;
    }

    /// <summary>Waits for the end and gives everything written.</summary>
    public ScriptRun Wait()
    {
        if (!_running.AsyncWaitHandle.WaitOne(CmdletHost.Limit))
        {
            Stop();
            throw new TimeoutException($"The script did not end within {CmdletHost.Limit.TotalSeconds:0} s.");
        }

        ErrorRecord? terminating = null;
        try
        {
            _shell.EndInvoke(_running);
        }
        catch (PipelineStoppedException)
        {
            // State says Stopped.
        }
        catch (RuntimeException e)
        {
            terminating = e.ErrorRecord;
        }

        PSDataStreams streams = _shell.Streams;
        return new ScriptRun
        {
            Output = [.. _output],
            Errors = terminating is null ? [.. streams.Error] : [.. streams.Error, terminating],
            TerminatingError = terminating,
            Warnings = [.. streams.Warning.Select(record => record.Message)],
            Verbose = [.. streams.Verbose.Select(record => record.Message)],
            Progress = [.. streams.Progress],
            HostText = _host.Host.Text,
            State = _shell.InvocationStateInfo.State,
            Elapsed = _watch.Elapsed,
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _shell.Dispose();
        _output.Dispose();
    }
}
