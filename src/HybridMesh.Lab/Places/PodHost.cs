using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace HybridMesh.Lab;

/// <summary>
/// Makes real what the data plane's objects say: Deployments have their Pods, Pods their processes, and pods know the
/// Services by name. One loop compares all there is with all there should be whenever something changes.
/// </summary>
internal sealed class PodHost : IAsyncDisposable
{
    private static readonly string[] Kinds = ["Deployment", "Pod", "Service", "Namespace"];
    private readonly AddressBlock _block;
    private readonly LabFolder _folder;
    private readonly DeploymentController _deployments;
    private readonly Dictionary<string, RunningPod> _pods = [];
    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly List<Task> _ending = [];
    private Task _loop = Task.CompletedTask;
    private int _nextAddress;

    public PodHost(ObjectStore dataPlane, AddressBlock block, Nursery nursery, LabFolder folder, TimeProvider clock)
    {
        DataPlane = dataPlane;
        Nursery = nursery;
        Clock = clock;
        _block = block;
        _folder = folder;
        _deployments = new DeploymentController(dataPlane, clock);
        Executor = new PodExecutor(this);
    }

    public ObjectStore DataPlane { get; }

    public Nursery Nursery { get; }

    public TimeProvider Clock { get; }

    public PodExecutor Executor { get; }

    public string Folder => Path.Combine(_folder.Path, "places");

    public ClusterNames Names { get; private set; } = ClusterNames.None;

    public void Start()
    {
        DataPlane.Changed += OnChanged;
        _changes.Writer.TryWrite(true);
        _loop = Task.Run(FollowAsync);
    }

    public void Started(Place place) => _folder.Note(place.HolderId);

    public RunningPod? Find(string ns, string name)
    {
        lock (_pods)
        {
            return _pods.Values.FirstOrDefault(pod => pod.Spec.Namespace == ns && pod.Spec.Name == name);
        }
    }

    public async ValueTask DisposeAsync()
    {
        DataPlane.Changed -= OnChanged;
        _changes.Writer.TryComplete();
        await _loop.ConfigureAwait(false);
        RunningPod[] pods;
        lock (_pods)
        {
            pods = [.. _pods.Values];
            _pods.Clear();
        }

        await Task.WhenAll([.. _ending, .. pods.Select(pod => pod.DisposeAsync().AsTask())]).ConfigureAwait(false);
    }

    private void OnChanged(StoreEvent change)
    {
        if (Kinds.Contains(change.Kind))
        {
            _changes.Writer.TryWrite(true);
        }
    }

    private async Task FollowAsync()
    {
        await foreach (bool _ in _changes.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            UpdateNames();
            _deployments.Reconcile();
            RunPods();
        }
    }

    private void UpdateNames()
    {
        ClusterNames names = new(DataPlane.List("Service"));
        if (names.SameAs(Names))
        {
            return;
        }

        Names = names;
        lock (_pods)
        {
            foreach (RunningPod pod in _pods.Values)
            {
                pod.WriteHosts(names);
            }
        }
    }

    private void RunPods()
    {
        IReadOnlyList<JsonObject> wanted = DataPlane.List("Pod");
        lock (_pods)
        {
            HashSet<string> uids = [.. wanted.Select(pod => new PodSpec(pod).Uid)];
            foreach (string uid in _pods.Keys.Where(uid => !uids.Contains(uid)).ToList())
            {
                _pods.Remove(uid, out RunningPod? gone);
                _ending.RemoveAll(task => task.IsCompleted);
                _ending.Add(gone!.DisposeAsync().AsTask());
            }

            foreach (JsonObject pod in wanted)
            {
                PodSpec spec = new(pod);
                if (!_pods.ContainsKey(spec.Uid))
                {
                    // Addresses are not given out again soon, so that a stale one is noticed.
                    _pods[spec.Uid] = new RunningPod(this, spec, _block.Pod(_nextAddress++ % 60_000));
                }
            }
        }
    }
}
