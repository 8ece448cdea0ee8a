using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>
/// One Pod object and its process: starts it, starts it again when it ends, and writes what it sees into the object's
/// status.
/// </summary>
internal sealed class RunningPod : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    private readonly PodHost _host;
    private readonly CancellationTokenSource _stop = new();
    private readonly PodStatus _status;
    private readonly Task _life;
    private int _restarts;

    public RunningPod(PodHost host, PodSpec spec, IPAddress address)
    {
        _host = host;
        Spec = spec;
        Address = address;
        _status = new PodStatus(spec, host.Clock);
        Directory.CreateDirectory(Path.GetDirectoryName(LogFile)!);
        _life = Task.Run(LiveAsync);
    }

    public PodSpec Spec { get; }

    public IPAddress Address { get; }

    /// <summary>The pod's namespaces while it runs.</summary>
    public Place? Place { get; private set; }

    private string Folder => Path.Combine(_host.Folder, "pod-" + Spec.Uid);

    public string LogFile => Path.Combine(_host.Folder, "logs", Spec.Uid);

    /// <summary>The pod's view of the cluster's names; written anew when Services change.</summary>
    public void WriteHosts(ClusterNames names)
    {
        try
        {
            Place?.WriteFile("/etc/hosts", Hosts(names));
        }
        catch (IOException)
        {
            // It is ending; its next start writes what holds then.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _life.ConfigureAwait(false);
        _stop.Dispose();
        File.Delete(LogFile);
    }

    private async Task LiveAsync()
    {
        try
        {
            if (!Spec.Runnable)
            {
                Write(_status.Waiting(null, 0, image => HelloImage.TryParse(image) is null
                    ? ("ImagePullBackOff", $"Back-off pulling image \"{image}\": the lab has no such image")
                    : ("ContainerCreating", null)));
                return;
            }

            Write(_status.Waiting(null, 0, _ => ("ContainerCreating", null)));
            for (TimeSpan pause = FirstPause; ; pause = TimeSpan.FromSeconds(Math.Min(30, pause.TotalSeconds * 2)))
            {
                await RunOnceAsync(_stop.Token).ConfigureAwait(false);
                _restarts++;
                Write(_status.Waiting(Address, _restarts, _ => ("CrashLoopBackOff", "the app ended")));
                await Task.Delay(pause, _host.Clock, _stop.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The Pod object is gone, or the lab ends.
        }
    }

    private async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        PlacePlan plan = Plan();
        VmSeed.Put(plan, "/etc/hosts", Hosts(_host.Names), VmSeed.Readable);
        VmSeed.Put(plan, "/etc/hostname", Spec.Name + "\n", VmSeed.Readable);
        VmSeed.Put(plan, "/etc/nsswitch.conf", VmSeed.NameServices, VmSeed.Readable);
        try
        {
            Place = await Place.StartAsync(_host.Nursery, plan, cancellationToken).ConfigureAwait(false);
            _host.Started(Place);
            WriteHosts(_host.Names); // Services may have changed since the seed
            DateTimeOffset since = _host.Clock.GetUtcNow();
            Write(_status.Running(Address, ready: false, _restarts, since));
            if (await Waiting.ForListenerAsync(
                new IPEndPoint(Address, Spec.Port), () => Place.Running, StartLimit, cancellationToken)
                .ConfigureAwait(false))
            {
                Write(_status.Running(Address, ready: true, _restarts, since));
            }

            await Place.Exited.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (LabException e)
        {
            await File.AppendAllTextAsync(LogFile, e.Message + "\n", cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (Place is { } place)
            {
                Place = null;
                await place.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private PlacePlan Plan()
    {
        return new PlacePlan
        {
            Name = Spec.Name,
            Address = Address,
            Folder = Folder,
            Script = "pod.sh",
            LogFile = LogFile,
            Environment = new Dictionary<string, string>(Spec.Environment)
            {
                ["HM_DOTNET"] = LabProgram.DotNet,
                ["HM_PROGRAM"] = LabProgram.Assembly,
                ["HM_PORT"] = Spec.Port.ToString(CultureInfo.InvariantCulture),
                ["HM_IMAGE"] = Spec.Containers[0].Image,
            },
        };
    }

    private string Hosts(ClusterNames names) =>
        $"# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n{Address}\t{Spec.Name}\n{names.For(Spec.Namespace)}";

    private void Write(JsonObject status) =>
        _host.DataPlane.Update("Pod", Spec.Namespace, Spec.Name, pod =>
        {
            if (pod.Text("metadata", "uid") == Spec.Uid)
            {
                pod!["status"] = status;
            }

            return pod;
        });
}
