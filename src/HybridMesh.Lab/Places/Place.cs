using System.Diagnostics;
using System.Globalization;

namespace HybridMesh.Lab;

/// <summary>
/// A running VM or pod: processes in a mount, PID and UTS namespace of their own, with an overlay over / as root. When
/// its first process ends, the kernel ends the others and drops the mounts.
/// </summary>
internal sealed class Place : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly Process _process;
    private readonly SemaphoreSlim _orders = new(1, 1);

    private Place(PlacePlan plan, Process process)
    {
        Plan = plan;
        _process = process;
    }

    public PlacePlan Plan { get; }

    /// <summary>The number of the place's first process on the host.</summary>
    public int InitId { get; private set; }

    /// <summary>The number of the process that holds the namespaces; killing it ends the place.</summary>
    public int HolderId => _process.Id;

    public bool Running => !_process.HasExited;

    /// <summary>Done when the place is no more.</summary>
    public Task Exited => _process.WaitForExitAsync();

    public static async Task<Place> StartAsync(Nursery nursery, PlacePlan plan, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(plan.ScratchFolder);
        Directory.CreateDirectory(plan.SeedFolder);
        ProcessStartInfo start = new("unshare") { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (string argument in (string[])["--mount", "--uts", "--pid", "--fork", "--kill-child", "bash", "-c",
            "exec 2>> \"$HM_LOG\"; . \"$HM_PLACE\"", plan.Name])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment.Clear();
        foreach ((string name, string value) in PlaceEnvironment.For(plan))
        {
            start.Environment[name] = value;
        }

        Place place = new(plan, await nursery.StartAsync(start).ConfigureAwait(false));
        try
        {
            await place.ReadAnswerAsync("up", cancellationToken).ConfigureAwait(false);
            return place;
        }
        catch
        {
            await place.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>A path inside the place, as the host can open it.</summary>
    public string HostPath(string path) =>
        string.Create(CultureInfo.InvariantCulture, $"/proc/{InitId}/root{path}");

    /// <summary>Replaces a file of the place at once: a reader sees the old or the new text, nothing between.</summary>
    public void WriteFile(string path, string text)
    {
        string temporary = HostPath(path + ".lab-new");
        File.WriteAllText(temporary, text);
        File.Move(temporary, HostPath(path), overwrite: true);
    }

    /// <summary>The call that runs a command inside the place.</summary>
    public ProcessStartInfo Enter(
        IReadOnlyList<string> command, IReadOnlyDictionary<string, string>? environment = null)
    {
        ProcessStartInfo start = new("nsenter");
        string id = InitId.ToString(CultureInfo.InvariantCulture);
        foreach (string argument in (string[])["-t", id, "-m", "-u", "-p", "-r", "-w", "--", .. command])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment.Clear();
        foreach ((string name, string value) in environment ?? PlaceEnvironment.Shell)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    /// <summary>Gives the first process an order and waits for its answer; only VMs take orders.</summary>
    public async Task OrderAsync(string order, string answer, CancellationToken cancellationToken)
    {
        await _orders.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await _process.StandardInput.WriteLineAsync(order.AsMemory(), cancellationToken).ConfigureAwait(false);
            await _process.StandardInput.FlushAsync(cancellationToken).ConfigureAwait(false);
            await ReadAnswerAsync(answer, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _orders.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }

        await _process.WaitForExitAsync().ConfigureAwait(false);
        // The holder is gone; its child follows by the death signal, and with it the mounts.
        await Waiting.UntilAsync(() => InitId == 0 || !Directory.Exists($"/proc/{InitId}"), Patience)
            .ConfigureAwait(false);
        _process.Dispose();
        _orders.Dispose();
        FolderTree.Delete(Plan.Folder);
    }

    private async Task ReadAnswerAsync(string answer, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            while (await _process.StandardOutput.ReadLineAsync(limit.Token).ConfigureAwait(false) is { } line)
            {
                if (line == answer)
                {
                    return;
                }

                if (line.StartsWith("pid ", StringComparison.Ordinal))
                {
                    InitId = int.Parse(line.AsSpan(4), CultureInfo.InvariantCulture);
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new LabException($"{Plan.Name} did not answer '{answer}'. {Log()}");
        }

        throw new LabException($"{Plan.Name} ended while the lab waited for '{answer}'. {Log()}");
    }

    private string Log() => File.Exists(Plan.LogFile) ? File.ReadAllText(Plan.LogFile).Trim() : "It wrote nothing.";
}
