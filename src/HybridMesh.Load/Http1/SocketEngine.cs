using System.Diagnostics;
using HybridMesh.Core;

namespace HybridMesh.Load;

/// <summary>Runs HTTP/1.1 requests over sockets, a thread for each connection.</summary>
internal static class SocketEngine
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(50);

    /// <summary>The most connections that get a thread each.</summary>
    public const int MaxConnections = 512;

    public static async Task RunAsync(
        LoadPlan plan, SocketTarget target, LoadRun run, CancellationToken cancellationToken)
    {
        SocketWorker[] workers =
        [
            .. Enumerable.Range(0, plan.Concurrency).Select(_ => new SocketWorker(plan, target, run)),
        ];
        using CancellationTokenSource done = new();
        using CancellationTokenRegistration stopping =
            cancellationToken.Register(() => Array.ForEach(workers, worker => worker.Guard.Stop()));
        Task watch = WatchAsync(workers, done.Token);
        await Task.WhenAll(workers.Select(worker => StartThread(() =>
        {
            using (worker)
            {
                worker.Run(cancellationToken);
            }
        }))).ConfigureAwait(false);
        await done.CancelAsync().ConfigureAwait(false);
        await watch.ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private static async Task WatchAsync(SocketWorker[] workers, CancellationToken done)
    {
        using PeriodicTimer timer = new(Beat);
        try
        {
            while (await timer.WaitForNextTickAsync(done).ConfigureAwait(false))
            {
                long now = Stopwatch.GetTimestamp();
                foreach (SocketWorker worker in workers)
                {
                    worker.Guard.Check(now);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }

    private static Task StartThread(Action body)
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Thread thread = new(() =>
        {
            try
            {
                body();
                done.SetResult();
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        })
        { IsBackground = true, Name = "HybridMesh load" };
        thread.Start();
        return done.Task;
    }
}
