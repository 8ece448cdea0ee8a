using System.Security.Cryptography;
using System.Text.Json;

namespace HybridMesh.Lab;

/// <summary>The running lab: puts its parts together, starts them and ends them in reverse order.</summary>
internal sealed class LabHost : IAsyncDisposable
{
    private readonly LabOptions _options;
    private readonly MeshProxyOptions _draws;
    private readonly TimeProvider _clock = TimeProvider.System;
    private readonly CancellationTokenSource _end = new();
    private readonly Stack<object> _parts = new();
    private readonly string _adminToken = Secret();
    private readonly ObjectStore _dataPlane = new("data plane", TimeProvider.System);
    private readonly ObjectStore _controlPlane = new("control plane", TimeProvider.System);

    private LabHost(LabOptions options)
    {
        _options = options;
        _draws = new MeshProxyOptions { Seed = options.Seed };
    }

    public LabState State { get; private set; } = null!;

    /// <summary>Cancelled when someone asked the lab to end.</summary>
    public CancellationToken Ended => _end.Token;

    public static async Task<LabHost> StartAsync(LabOptions options, CancellationToken cancellationToken)
    {
        LabHost host = new(options);
        try
        {
            await host.StartPartsAsync(cancellationToken).ConfigureAwait(false);
            return host;
        }
        catch
        {
            await host.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public void End() => _end.Cancel();

    public async ValueTask DisposeAsync()
    {
        while (_parts.TryPop(out object? part))
        {
            try
            {
                await EndAsync(part).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or InvalidOperationException or OperationCanceledException)
            {
                // One part that can't end must not keep the others alive.
                Console.Error.WriteLine($"while ending {part.GetType().Name}: {e.Message}");
            }
        }

        _end.Dispose();
    }

    private async Task StartPartsAsync(CancellationToken cancellationToken)
    {
        LabFolder folder = Own(LabFolder.Take(_options.Path));
        AddressBlock block = Own(await BlockClaim.TakeAsync(cancellationToken).ConfigureAwait(false)).Block;
        Nursery nursery = Own(new Nursery());
        VmHost vms = new(nursery, block, folder.Path);
        PodHost pods = new(_dataPlane, block, nursery, folder, _clock);
        Own(new Together(vms, pods));
        Task vmsReady = vms.StartAsync(_options.VmCount, _options.BareVms, cancellationToken);
        LabPlanes planes;
        try
        {
            planes = await StartMeshAsync(block, pods, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await vmsReady.ConfigureAwait(false);
        }

        foreach (Vm vm in vms.Vms)
        {
            folder.Note(vm.Place.HolderId);
        }

        AdminEndpoint admin = Own(new AdminEndpoint(_adminToken, new VmFaults(vms, planes.Signer), End));
        admin.Calls["mesh"] = (_, fault) => Task.FromResult(TrafficFaults.ApplyMesh(_draws, fault));
        admin.Calls["api"] = (_, fault) =>
            Task.FromResult(ApiFaultCalls.Apply(planes.DataPlaneFaults, planes.ControlPlaneFaults, fault));
        admin.Calls["asm"] = (_, fault) => Task.FromResult(TrafficFaults.ApplyAsm(planes.Asm.Faults, fault));
        admin.Calls["eastwest"] = (http, fault) => planes.EastWest.ApplyAsync(fault, http.RequestAborted);
        await admin.StartAsync(cancellationToken).ConfigureAwait(false);
        State = Describe(block, vms, admin, planes);
        admin.State = State;
        FolderTree.Write(folder.StateFile, JsonSerializer.Serialize(State, LabState.Json));
    }

    private async Task<LabPlanes> StartMeshAsync(AddressBlock block, PodHost pods, CancellationToken cancellationToken)
    {
        LabPlanes planes = Own(new LabPlanes(_dataPlane, _controlPlane, block, pods.Executor, _options.Path));
        IngressGateway.Create(_dataPlane, block);
        pods.Start();
        MeshProxy proxy = Own(new MeshProxy(_dataPlane, _controlPlane, block, _draws));
        await proxy.StartAsync(cancellationToken).ConfigureAwait(false);
        await planes.StartAsync(cancellationToken).ConfigureAwait(false);
        return planes;
    }

    private LabState Describe(AddressBlock block, VmHost vms, AdminEndpoint admin, LabPlanes planes) => new()
    {
        ProcessId = Environment.ProcessId,
        Path = _options.Path,
        VmCount = _options.VmCount,
        Block = block.Number,
        Detached = _options.Detached,
        ParentId = _options.Detached ? null : _options.ParentId,
        StartedAt = _clock.GetUtcNow(),
        AdminEndpoint = admin.Url,
        AdminToken = _adminToken,
        Kubeconfig = planes.Kubeconfig,
        MeshKubeconfig = planes.MeshKubeconfig,
        AsmEndpoint = planes.Asm.Address.ToString().TrimEnd('/'),
        MeshId = planes.MeshId,
        Region = LabPlanes.Region,
        AccessKeyId = planes.AccessKeyId,
        AccessKeySecret = planes.AccessKeySecret,
        EastWestAddress = block.EastWest.ToString(),
        IngressAddress = block.Ingress.ToString(),
        VmPath = vms.ListFile,
        VmPassword = vms.Keys.Password,
        SshCommands = [.. vms.Vms.Select(vms.SshCommand)],
        KubectlCommands =
        [
            $"kubectl --kubeconfig {ShellText.Word(planes.Kubeconfig)} get pods,services -A",
            $"kubectl --kubeconfig {ShellText.Word(planes.MeshKubeconfig)} get workloadentries,virtualservices -A",
        ],
    };

    private static async ValueTask EndAsync(object part)
    {
        if (part is IAsyncDisposable asynchronous)
        {
            await asynchronous.DisposeAsync().ConfigureAwait(false);
        }
        else
        {
            ((IDisposable)part).Dispose();
        }
    }

    private T Own<T>(T part) where T : class
    {
        _parts.Push(part);
        return part;
    }

    private static string Secret() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20));
}
