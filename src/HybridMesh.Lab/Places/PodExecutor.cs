using System.Diagnostics;

namespace HybridMesh.Lab;

/// <summary>Runs commands inside pods, as processes in the pod's namespaces.</summary>
internal sealed class PodExecutor(PodHost host) : IPodExecutor
{
    public async Task<int> ExecAsync(
        string ns, string pod, string? container, IReadOnlyList<string> command, Stream? input, Stream output,
        Stream error, CancellationToken cancellationToken)
    {
        RunningPod running = Find(ns, pod, container) ?? throw new KeyNotFoundException($"pods \"{pod}\" not found");
        Place place = running.Place ?? throw new KeyNotFoundException($"container of pod \"{pod}\" is not running");
        ProcessStartInfo start = place.Enter(command, running.Spec.Environment);
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using Process process = Process.Start(start)!;
        using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task feeding = FeedAsync(input, process, ended.Token);
        try
        {
            await Task.WhenAll(
                process.StandardOutput.BaseStream.CopyToAsync(output, cancellationToken),
                process.StandardError.BaseStream.CopyToAsync(error, cancellationToken)).ConfigureAwait(false);
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            return process.ExitCode;
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }

            await ended.CancelAsync().ConfigureAwait(false);
            await feeding.ConfigureAwait(false);
        }
    }

    public async Task<string?> LogsAsync(string ns, string pod, string? container, CancellationToken cancellationToken)
    {
        if (Find(ns, pod, container) is not { } running)
        {
            return null;
        }

        return File.Exists(running.LogFile)
            ? await File.ReadAllTextAsync(running.LogFile, cancellationToken).ConfigureAwait(false) : "";
    }

    private RunningPod? Find(string ns, string pod, string? container) =>
        host.Find(ns, pod) is { } running
            && (container is null || running.Spec.Containers.Any(item => item.Name == container))
            ? running : null;

    private static async Task FeedAsync(Stream? input, Process process, CancellationToken cancellationToken)
    {
        try
        {
            if (input is not null)
            {
                await input.CopyToAsync(process.StandardInput.BaseStream, cancellationToken).ConfigureAwait(false);
            }

            process.StandardInput.Close();
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The command has ended or does not read.
        }
    }
}
