using System.Collections.Concurrent;
using System.Diagnostics;

namespace HybridMesh.Lab;

/// <summary>
/// Starts the lab's child processes so that the kernel kills them when the lab dies, even by SIGKILL. The death signal
/// is bound to the thread that starts a child, hence one thread that lives as long as the lab.
/// </summary>
internal sealed class Nursery : IDisposable
{
    private readonly BlockingCollection<Action> _work = [];
    private readonly Thread _thread;

    public Nursery()
    {
        _thread = new Thread(() =>
        {
            foreach (Action action in _work.GetConsumingEnumerable())
            {
                action();
            }
        })
        { IsBackground = true, Name = "nursery" };
        _thread.Start();
    }

    /// <summary>Starts a process whose life ends with this lab's.</summary>
    public Task<Process> StartAsync(ProcessStartInfo start)
    {
        ProcessStartInfo bound = new("setpriv")
        {
            RedirectStandardInput = start.RedirectStandardInput,
            RedirectStandardOutput = start.RedirectStandardOutput,
            RedirectStandardError = start.RedirectStandardError,
        };
        foreach (string argument in (string[])["--pdeathsig", "KILL", start.FileName, .. start.ArgumentList])
        {
            bound.ArgumentList.Add(argument);
        }

        bound.Environment.Clear();
        foreach ((string name, string? value) in start.Environment)
        {
            bound.Environment[name] = value;
        }

        TaskCompletionSource<Process> started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(bound)!);
            }
            catch (Exception e)
            {
                started.SetException(e);
            }
        });
        return started.Task;
    }

    /// <summary>Ends the thread, and by that whatever still runs.</summary>
    public void Dispose()
    {
        _work.CompleteAdding();
        _thread.Join();
        _work.Dispose();
    }
}
