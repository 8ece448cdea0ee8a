using System.Diagnostics;

namespace HybridMesh.Core;

/// <summary>Starts, finds and stops practice labs, which are processes of their own.</summary>
/// <param name="program">The lab's executable, HybridMesh.Lab.dll.</param>
/// <param name="clock">The clock that deadlines are measured with.</param>
public sealed class LabLauncher(string program, TimeProvider clock)
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);

    /// <summary>The running lab of a folder; null when none answers there.</summary>
    /// <param name="path">The lab's folder, or null for the default one.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public static async Task<MeshLab?> FindAsync(string? path, CancellationToken cancellationToken)
    {
        LabStateFile? state =
            await LabFolder.ReadAsync(LabFolder.Resolve(path), cancellationToken).ConfigureAwait(false);
        return state is not null && await LabAdmin.AnswersAsync(state, cancellationToken).ConfigureAwait(false)
            ? state.ToLab() : null;
    }

    /// <summary>The running lab of a folder.</summary>
    /// <exception cref="MeshException">LabNotRunning, when none answers there.</exception>
    public static async Task<MeshLab> GetAsync(string? path, CancellationToken cancellationToken) =>
        await FindAsync(path, cancellationToken).ConfigureAwait(false) ?? throw new MeshException(
            MeshErrorCode.LabNotRunning,
            $"No lab is running in '{LabFolder.Resolve(path)}'; start one with Start-MeshLab.",
            LabFolder.Resolve(path));

    /// <summary>The running lab of the request's folder when it fits the request, else a new one.</summary>
    /// <exception cref="MeshException">
    /// LabMismatch for a running lab with another number of VMs; LabUnsupported where labs can't run; LabStartFailed.
    /// </exception>
    public async Task<MeshLab> StartAsync(LabRequest request, Action<string> log, CancellationToken cancellationToken)
    {
        string folder = LabFolder.Resolve(request.Path);
        FileStream turn = await TakeTurnAsync(folder, cancellationToken).ConfigureAwait(false);
        await using (turn.ConfigureAwait(false))
        {
            if (await FindAsync(folder, cancellationToken).ConfigureAwait(false) is { } running)
            {
                log($"the lab in '{folder}' (process {running.ProcessId}) is running already");
                return Fit(running, request);
            }

            LabProcess process = new(program, folder, request);
            log($"starting {process.CommandLine}");
            await process.StartAsync(cancellationToken).ConfigureAwait(false);
            return await GetAsync(folder, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Ends a lab and waits until its process is gone.</summary>
    public async Task StopAsync(MeshLab lab, CancellationToken cancellationToken)
    {
        LabStateFile? state = await LabFolder.ReadAsync(lab.Path, cancellationToken).ConfigureAwait(false);
        if (state is null || state.ProcessId != lab.ProcessId
            || !await LabAdmin.StopAsync(state, cancellationToken).ConfigureAwait(false))
        {
            return; // It has ended by itself.
        }

        long start = clock.GetTimestamp();
        while (IsAlive(lab.ProcessId))
        {
            if (clock.GetElapsedTime(start) > StopLimit)
            {
                throw new MeshException(
                    MeshErrorCode.TimedOut,
                    $"The lab in '{lab.Path}' has not ended within {StopLimit.TotalSeconds:0} s; "
                        + $"its process is {lab.ProcessId}.",
                    lab);
            }

            await Task.Delay(Step, clock, cancellationToken).ConfigureAwait(false);
        }
    }

    private static MeshLab Fit(MeshLab running, LabRequest request) =>
        request.VmCount is null || request.VmCount == running.VmCount
            ? running
            : throw new MeshException(
                MeshErrorCode.LabMismatch,
                $"The lab in '{running.Path}' is running with {running.VmCount} VMs, not {request.VmCount}; "
                    + "run Stop-MeshLab first, or name another -Path.",
                running);

    /// <summary>One starter at a time per folder: the second finds the lab that the first has started.</summary>
    private async Task<FileStream> TakeTurnAsync(string folder, CancellationToken cancellationToken)
    {
        try
        {
            PrivateFolder.Create(folder);
            for (; ; )
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (PrivateFolder.TryLock(Path.Combine(folder, "start.lock")) is { } turn)
                {
                    return turn;
                }

                await Task.Delay(Step, clock, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new MeshException(
                MeshErrorCode.LabStartFailed, $"The lab's folder '{folder}' can't be used: {e.Message}", folder, e);
        }
    }

    private static bool IsAlive(int processId)
    {
        try
        {
            using Process process = Process.GetProcessById(processId);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
