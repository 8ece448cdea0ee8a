using HybridMesh.Core;

namespace HybridMesh.Load;

/// <summary>
/// Runs HTTP/1.1 in clear over sockets that do not block, many of them on each of a few threads. Blocking sockets with
/// a thread each spend half of their time on switching threads, and HttpClient on its generality.
/// </summary>
internal static class PollEngine
{
    // A thread keeps up with tens of thousands of answers per second; a second one would only contend for the sink.
    private const int ConnectionsPerThread = 16;

    public static async Task RunAsync(
        LoadPlan plan, LoadTarget target, LoadRun run, CancellationToken cancellationToken)
    {
        int threads = Math.Clamp(plan.Concurrency / ConnectionsPerThread, 1, Environment.ProcessorCount);
        await Task.WhenAll(Enumerable.Range(0, threads).Select(i =>
        {
            int connections = (plan.Concurrency / threads) + (i < plan.Concurrency % threads ? 1 : 0);
            PollLoop loop = new(plan, target, run, connections);
            return StartThread(() => loop.Run(cancellationToken));
        })).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
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
