namespace HybridMesh.Core;

/// <summary>Registers apps on VMs.</summary>
public sealed class VmAppRegistrar
{
    private readonly MeshSession _session;
    private readonly IChangeGate _gate;

    /// <summary>Makes a registrar that asks and tells its user through a gate.</summary>
    public VmAppRegistrar(MeshSession session, IChangeGate gate)
    {
        _session = session;
        _gate = gate;
    }

    /// <summary>
    /// Registers an app; run again, it converges. Null when nothing could or, with -WhatIf, should be made.
    /// </summary>
    /// <exception cref="MeshException">
    /// Nothing could be written: bad input, no namespace, another owner, ...
    /// </exception>
    public async Task<MeshVmApp?> RegisterAsync(
        VmAppRequest request, MeshProvider provider, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        VmAppInput input = VmAppInput.Check(request);
        if (provider == MeshProvider.Asm)
        {
            return await new AsmVmAppRun(_session, _gate, request, input).RunAsync(cancellationToken)
                .ConfigureAwait(false);
        }

        _gate.Verbose($"Registering {input.ServiceName} in namespace {input.Namespace}: Istio objects on the "
            + $"{_session.NameOf(MeshPlane.Control)} ({_session.ControlPlane.Server}), the Service on the "
            + $"{_session.NameOf(MeshPlane.Data)} ({_session.DataPlane.Server}).");
        return await new IstioVmAppRun(_session, _gate, request, input).RunAsync(cancellationToken)
            .ConfigureAwait(false);
    }
}
