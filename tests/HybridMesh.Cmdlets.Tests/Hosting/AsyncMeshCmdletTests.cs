using System.Management.Automation;
using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

public sealed class AsyncMeshCmdletTests : IDisposable
{
    private static readonly TimeSpan Promptly = TimeSpan.FromSeconds(1);

    private readonly CmdletHost _host = CmdletHost.ForCmdlets(typeof(AsyncMeshCmdletTests).Assembly);
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _workerEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public AsyncMeshCmdletTests() => _host.With("disposed", _disposed);

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Blocks_WriteInOrder()
    {
        SetBody("begin", (writer, _) => writer.WriteAsync("begin"));
        SetBody("record", (writer, _) => writer.WriteAsync("record"));
        SetBody("end", (writer, _) => writer.WriteAsync("end"));

        ScriptRun run = _host.Run("1, 2 | Invoke-Probe -AtBegin $begin -AtRecord $record -AtEnd $end");

        Assert.Equal(["begin", "record", "record", "end"], run.OutputAs<string>());
        Assert.Empty(run.Errors);
    }

    [Theory]
    [InlineData("-AtBegin")]
    [InlineData("-AtRecord")]
    [InlineData("-AtEnd")]
    public async Task Stop_InAnyBlock_EndsPromptlyAndCancelsTheWorker(string block)
    {
        SetBody("body", async (writer, token) =>
        {
            try
            {
                await writer.WriteAsync("started");
                await Task.Delay(Timeout.Infinite, token);
            }
            finally
            {
                _workerEnded.SetResult();
            }
        });
        using RunningScript running = _host.Start($"1 | Invoke-Probe {block} $body -Disposed $disposed");
        running.WaitForOutput(1);

        TimeSpan took = running.Stop();

        Assert.True(took < Promptly, $"Stop took {took}.");
        Assert.True(_workerEnded.Task.IsCompleted, "The worker outlived its cmdlet.");
        await _disposed.Task.WaitAsync(CmdletHost.Limit);
        ScriptRun run = running.Wait();
        Assert.Equal(PSInvocationState.Stopped, run.State);
        Assert.Empty(run.Errors);
    }

    [Fact]
    public void Stop_WhileStreaming_EndsPromptly()
    {
        SetBody("body", async (writer, token) =>
        {
            for (int i = 0; !token.IsCancellationRequested; i++)
            {
                await writer.WriteAsync(i);
            }

            _workerEnded.SetResult();
        });
        using RunningScript running = _host.Start("Invoke-Probe -AtEnd $body");
        running.WaitForOutput(50);

        Assert.True(running.Stop() < Promptly);
        Assert.Empty(running.Wait().Errors);
    }

    [Fact]
    public async Task Stop_ThenWrite_TellsTheWorkerThatItIsOver()
    {
        TaskCompletionSource<Exception?> afterStop = new(TaskCreationOptions.RunContinuationsAsynchronously);
        SetBody("body", async (writer, token) =>
        {
            await writer.WriteAsync("started");
            await Task.Delay(Timeout.Infinite, token).ContinueWith(_ => { }, TaskScheduler.Default);
            afterStop.SetResult(await Record.ExceptionAsync(() => writer.WriteAsync("too late")));
        });
        using RunningScript running = _host.Start("Invoke-Probe -AtEnd $body");
        running.WaitForOutput(1);

        Assert.True(running.Stop() < Promptly);
        Assert.IsAssignableFrom<OperationCanceledException>(await afterStop.Task.WaitAsync(CmdletHost.Limit));
        Assert.Single(running.Wait().Output);
    }

    [Fact]
    public async Task End_ThenWriteFromAStrayTask_IsCancelledInsteadOfWritten()
    {
        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<Exception?>? stray = null;
        SetBody("body", (writer, _) =>
        {
            stray = Task.Run<Exception?>(async () =>
            {
                await ended.Task;
                Exception? awaited = await Record.ExceptionAsync(() => writer.WriteAsync("too late"));
                Exception? queued = Record.Exception(() => writer.Verbose("too late"));
                return queued is OperationCanceledException ? awaited : queued;
            });
            return Task.CompletedTask;
        });

        ScriptRun run = _host.Run("Invoke-Probe -AtEnd $body -Verbose -Disposed $disposed");
        await _disposed.Task.WaitAsync(CmdletHost.Limit);
        ended.SetResult();

        Assert.IsAssignableFrom<OperationCanceledException>(await stray!.WaitAsync(CmdletHost.Limit));
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task Downstream_Throws_CancelsTheWorkerAndKeepsTheError()
    {
        SetBody("body", Endless);

        ScriptRun run = _host.Run("Invoke-Probe -AtEnd $body -Disposed $disposed | ForEach-Object { throw 'downstream' }");

        Assert.Equal("downstream", run.TerminatingError?.Exception.Message);
        Assert.True(_workerEnded.Task.IsCompleted, "The worker outlived its cmdlet.");
        await _disposed.Task.WaitAsync(CmdletHost.Limit);
    }

    [Fact]
    public void Downstream_TakesTheFirst_CancelsTheWorkerWithoutAnError()
    {
        SetBody("body", Endless);

        ScriptRun run = _host.Run("Invoke-Probe -AtEnd $body | Select-FirstN 3");

        Assert.Equal([0, 1, 2], run.OutputAs<int>());
        Assert.Empty(run.Errors);
        Assert.True(_workerEnded.Task.IsCompleted, "The worker outlived its cmdlet.");
    }

    [Fact]
    public void SlowConsumer_SlowsTheProducer()
    {
        int produced = 0;
        int lead = 0;
        int consumed = 0;
        SetBody("body", async (writer, _) =>
        {
            for (int i = 0; i < 20; i++)
            {
                produced++;
                await writer.WriteAsync(i);
            }
        });
        _host.With("seen", (Action)(() => lead = Math.Max(lead, produced - ++consumed)));

        ScriptRun run = _host.Run(
            "Invoke-Probe -AtEnd $body | ForEach-Object { $seen.Invoke(); [Threading.Thread]::Sleep(2); $_ }");

        Assert.Equal(20, run.Output.Count);
        Assert.Equal(0, lead);
    }

    [Fact]
    public void Workers_WritingAtOnce_AllArrive()
    {
        SetBody("body", (writer, token) => Parallel.ForEachAsync(
            Enumerable.Range(0, 500), token, async (i, _) => await writer.WriteAsync(i)));

        ScriptRun run = _host.Run("Invoke-Probe -AtEnd $body");

        Assert.Equal(Enumerable.Range(0, 500), run.OutputAs<int>().Order());
    }

    [Fact]
    public void WorkerThread_HasNoRunspace_ButTheRuntimeIsThePipelines()
    {
        SetBody("body", (writer, _) => writer.WriteAsync(
            System.Management.Automation.Runspaces.Runspace.DefaultRunspace is null));

        Assert.Equal([true], _host.Run("Invoke-Probe -AtEnd $body").OutputAs<bool>());
    }

    private async Task Endless(PipelineWriter writer, CancellationToken token)
    {
        try
        {
            for (int i = 0; ; i++)
            {
                await writer.WriteAsync(i);
            }
        }
        finally
        {
            _workerEnded.SetResult();
        }
    }

    private void SetBody(string name, ProbeBody body) => _host.With(name, body);
}
