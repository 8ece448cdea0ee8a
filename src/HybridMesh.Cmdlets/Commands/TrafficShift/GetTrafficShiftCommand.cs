using System.Management.Automation;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary><c>Get-TrafficShift</c>: how the http routes of VirtualServices split their traffic.</summary>
[Cmdlet(VerbsCommon.Get, "TrafficShift")]
[OutputType(typeof(TrafficShift))]
public sealed class GetTrafficShiftCommand : ConnectedCmdlet
{
    /// <summary>The VirtualServices; wildcards are allowed. The default is all.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(VirtualServiceCompleter))]
    public string[]? VirtualService { get; set; }

    /// <summary>
    /// The http routes, by name or by their place from 0 on; wildcards are allowed. The default is all.
    /// </summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(RouteCompleter))]
    public string[]? Route { get; set; }

    /// <inheritdoc/>
    protected override async Task ProcessRecordAsync(PipelineWriter writer, CancellationToken cancellationToken)
    {
        MeshSession session = await GetSessionAsync(writer, cancellationToken);
        string ns = NamespaceIn(session);
        writer.Verbose($"Reading the VirtualServices of namespace {ns} of {session.ControlPlane.Server}.");
        Func<string, bool>? route = NamePattern.Any(Route);
        await NamedOutput.WriteAsync(
            writer,
            VirtualService,
            TrafficShiftReader.ListAsync(
                session, ns, NamePattern.Any(VirtualService), route is null ? null : item => item.IsCalled(route),
                writer.Verbose, cancellationToken),
            shift => shift.VirtualService,
            name => TrafficShiftReader.Missing(ns, name, Route));
    }
}
