namespace HybridMesh.Core;

/// <summary>Connects to the planes of a mesh and finds out what is there.</summary>
public sealed class MeshConnector
{
    private readonly IKubernetesApiFactory _kubernetes;
    private readonly IAsmApiFactory _asm;

    /// <summary>Makes a connector.</summary>
    public MeshConnector(IKubernetesApiFactory kubernetes, IAsmApiFactory asm)
    {
        _kubernetes = kubernetes;
        _asm = asm;
    }

    /// <summary>
    /// Opens both planes and asks both at once who they are. A plane that does not answer is part of the result.
    /// </summary>
    /// <exception cref="MeshException">
    /// ApiUnreachable when no plane answers (Unauthorized when none knows the caller); KubeconfigInvalid;
    /// CredentialsNotFound or AsmApiError when the mesh's kubeconfig can't be had.
    /// </exception>
    public async Task<MeshSession> ConnectAsync(
        ConnectMeshRequest request, Action<string> verbose, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(verbose);
        IKubernetesApi? data = null;
        IKubernetesApi? control = null;
        IAsmApi? asm = null;
        try
        {
            data = await _kubernetes.OpenAsync(request.Kubeconfig, request.Context, cancellationToken)
                .ConfigureAwait(false);
            verbose($"Data plane: {data.Server} (context '{data.Context}').");
            asm = await OpenAsmAsync(request, cancellationToken).ConfigureAwait(false);
            control = await OpenControlAsync(request, asm, cancellationToken).ConfigureAwait(false) ?? data;
            control = await SameOrAsync(data, control).ConfigureAwait(false);
            verbose(ReferenceEquals(control, data)
                ? "One cluster serves both planes."
                : $"Control plane: {control.Server} (context '{control.Context}').");
            MeshConnection connection =
                await ProbeAsync(request, data, control, asm, cancellationToken).ConfigureAwait(false);
            return new MeshSession(connection, data, control, asm);
        }
        catch
        {
            await CloseAsync(data, control, asm).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The connection with its ingress address and ports read anew.</summary>
    public static async Task<MeshConnection> RefreshAsync(MeshSession session, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        Ingress ingress = await Ingress.ReadAsync(session.DataPlane, cancellationToken).ConfigureAwait(false);
        return session.Connection with
        {
            IngressAddress = ingress.Address,
            IngressPorts = ingress.Ports,
            IngressDetail = ingress.Detail,
        };
    }

    /// <summary>What the user should know about a connection that could be made all the same.</summary>
    public static IEnumerable<string> Warnings(MeshConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        if (!connection.DataPlane.Reachable)
        {
            yield return "The data plane does not answer; pods and Services are out of reach. "
                + $"{connection.DataPlane.Detail}";
        }

        if (!connection.ControlPlane.Reachable)
        {
            yield return "The control plane does not answer; Istio's resources are out of reach. "
                + $"{connection.ControlPlane.Detail}";
        }
        else if (connection.IstioKinds.Count == 0)
        {
            yield return $"{connection.ControlPlane.Server} serves no kinds of networking.istio.io: Istio is not "
                + "installed there, or -MeshKubeconfig or -MeshContext names the wrong cluster.";
        }
    }

    private async Task<IAsmApi?> OpenAsmAsync(ConnectMeshRequest request, CancellationToken cancellationToken) =>
        request.MeshId is null ? null : await _asm.OpenAsync(request.Asm, cancellationToken).ConfigureAwait(false);

    private async Task<IKubernetesApi?> OpenControlAsync(
        ConnectMeshRequest request, IAsmApi? asm, CancellationToken cancellationToken)
    {
        if (request.MeshKubeconfig is null && asm is not null)
        {
            string text = await asm.GetKubeconfigAsync(request.MeshId!, privateAddress: false, cancellationToken)
                .ConfigureAwait(false);
            return await _kubernetes.OpenTextAsync(text, request.MeshContext, cancellationToken).ConfigureAwait(false);
        }

        return request.MeshKubeconfig is null && request.MeshContext is null
            ? null
            : await _kubernetes.OpenAsync(
                request.MeshKubeconfig ?? request.Kubeconfig, request.MeshContext, cancellationToken)
                .ConfigureAwait(false);
    }

    // Naming one cluster twice is naming one cluster.
    private static async Task<IKubernetesApi> SameOrAsync(IKubernetesApi data, IKubernetesApi control)
    {
        if (ReferenceEquals(data, control) || data.Server != control.Server || data.Context != control.Context)
        {
            return control;
        }

        await control.DisposeAsync().ConfigureAwait(false);
        return data;
    }

    private static async Task<MeshConnection> ProbeAsync(
        ConnectMeshRequest request, IKubernetesApi data, IKubernetesApi control, IAsmApi? asm,
        CancellationToken cancellationToken)
    {
        bool single = ReferenceEquals(data, control);
        Task<PlaneProbe> dataProbe = PlaneProbe.RunAsync(data, cancellationToken);
        Task<PlaneProbe> controlProbe = single ? dataProbe : PlaneProbe.RunAsync(control, cancellationToken);
        PlaneProbe atData = await dataProbe.ConfigureAwait(false);
        PlaneProbe atControl = await controlProbe.ConfigureAwait(false);
        RequireOne(atData, atControl, single);
        Ingress ingress = atData.Status.Reachable
            ? await Ingress.ReadAsync(data, cancellationToken).ConfigureAwait(false)
            : Ingress.None("The data plane does not answer.");
        return new MeshConnection
        {
            Id = Guid.NewGuid(),
            Namespace = request.Namespace ?? data.DefaultNamespace,
            DataPlane = atData.Status,
            ControlPlane = atControl.Status,
            SingleCluster = single,
            IstioKinds = atControl.IstioKinds,
            IngressAddress = ingress.Address,
            IngressPorts = ingress.Ports,
            IngressDetail = ingress.Detail,
            MeshId = request.MeshId,
            Region = request.Asm.Region,
            AsmEndpoint = asm?.Endpoint,
            HostKeyPolicy = request.HostKeyPolicy,
        };
    }

    private static void RequireOne(PlaneProbe data, PlaneProbe control, bool single)
    {
        if (data.Error is not { } first || control.Error is not { } second)
        {
            return;
        }

        MeshErrorCode code = first.Code == second.Code ? first.Code : MeshErrorCode.ApiUnreachable;
        throw new MeshException(
            code,
            single ? first.Message : $"Neither plane answers. Data plane: {first.Message} Control plane: "
                + $"{second.Message}",
            null,
            first);
    }

    private static async Task CloseAsync(IKubernetesApi? data, IKubernetesApi? control, IAsmApi? asm)
    {
        foreach (IAsyncDisposable? item in
            new IAsyncDisposable?[] { data, ReferenceEquals(control, data) ? null : control, asm })
        {
            if (item is not null)
            {
                await item.DisposeAsync().ConfigureAwait(false);
            }
        }
    }
}
