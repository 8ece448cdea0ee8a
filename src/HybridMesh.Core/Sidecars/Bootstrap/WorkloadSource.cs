namespace HybridMesh.Core;

/// <summary>Finds the template of the files, and the VMs they are for.</summary>
internal sealed class WorkloadSource(SidecarConfigRequest request, LazySession session, IYamlFormat yaml)
{
    public async Task<(WorkloadTemplate Template, IReadOnlyList<MeshVm> Vms)> ReadAsync(
        CancellationToken cancellationToken)
    {
        if (request.Path is { } path)
        {
            WorkloadGroup group = await WorkloadGroupReader
                .FromFileAsync(path, request.Namespace, fallback: null, yaml, cancellationToken).ConfigureAwait(false);
            return (WorkloadTemplate.Of(group), request.Vms);
        }

        if (request.WorkloadGroup is { } given)
        {
            return (WorkloadTemplate.Of(given), request.Vms);
        }

        if (request.App is { } app)
        {
            return (WorkloadTemplate.Of(app), VmsOf(app));
        }

        MeshSession mesh = await session.GetAsync(cancellationToken).ConfigureAwait(false);
        string ns = request.Namespace ?? mesh.Connection.Namespace;
        if (request.WorkloadGroupName is { } name)
        {
            return (WorkloadTemplate.Of(
                await WorkloadGroupReader.LiveAsync(mesh, ns, name, cancellationToken).ConfigureAwait(false)),
                request.Vms);
        }

        MeshVmApp live = await AppAsync(mesh, ns, request.ServiceName!, cancellationToken).ConfigureAwait(false);
        return (WorkloadTemplate.Of(live), VmsOf(live));
    }

    private static async Task<MeshVmApp> AppAsync(
        MeshSession mesh, string ns, string serviceName, CancellationToken cancellationToken)
    {
        await foreach (MeshVmApp app in VmAppReader.ListAsync(mesh, ns, name => name == serviceName, cancellationToken)
            .ConfigureAwait(false))
        {
            return app;
        }

        throw VmAppReader.NotFound(ns, serviceName);
    }

    // An app that was only read knows its VMs by their entries.
    private IReadOnlyList<MeshVm> VmsOf(MeshVmApp app)
    {
        IReadOnlyList<MeshVm> vms = request.Vms.Count > 0 ? request.Vms
            : app.Vms.Count > 0 ? app.Vms
            : [.. app.WorkloadEntries.Where(entry => entry.Address is not null).Select(entry => new MeshVm
            {
                Name = entry.Name,
                Address = entry.Address!,
                Version = entry.Version,
                Labels = entry.Labels.Where(pair => pair.Key != "version").ToDictionary(),
                ServiceAccount = entry.ServiceAccount,
                Network = entry.Network,
                Locality = entry.Locality,
                Weight = entry.Weight,
            })];
        return vms.Count > 0 ? vms : throw new MeshException(
            MeshErrorCode.ObjectNotFound,
            $"App {app.Namespace}/{app.ServiceName} has no VM; pipe VMs, or register them by New-MeshVmApp.",
            app.ServiceName);
    }
}
