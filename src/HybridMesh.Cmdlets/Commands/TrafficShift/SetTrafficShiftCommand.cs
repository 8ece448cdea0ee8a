using System.Collections;
using System.Management.Automation;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary>
/// <c>Set-TrafficShift</c>: sets the weights of one http route of a VirtualService, and nothing else.
/// </summary>
[Cmdlet(VerbsCommon.Set, "TrafficShift", SupportsShouldProcess = true)]
[OutputType(typeof(TrafficShift))]
public sealed class SetTrafficShiftCommand : ConnectedCmdlet
{
    /// <summary>The VirtualService.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(VirtualServiceCompleter))]
    public string VirtualService { get; set; } = "";

    /// <summary>The http route, by name or by its place from 0 on. The default is the only one.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(RouteCompleter))]
    public string? Route { get; set; }

    /// <summary>
    /// The weights per version, such as <c>@{ v1 = 30; v2 = 60; v3 = 10 }</c>: whole numbers, which are proportions.
    /// </summary>
    [Parameter(Mandatory = true)]
    [ValidateNotNull]
    public IDictionary Weight { get; set; } = new Hashtable();

    /// <summary>Sets weights for subsets without endpoints too.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override async Task ProcessRecordAsync(PipelineWriter writer, CancellationToken cancellationToken)
    {
        MeshSession session = await GetSessionAsync(writer, cancellationToken);
        try
        {
            WeightRequest request = new(
                NamespaceIn(session), VirtualService, string.IsNullOrEmpty(Route) ? null : Route,
                TableReader.Numbers(Weight, nameof(Weight))!, Force);
            if (await new TrafficShiftSetter(session, writer).SetAsync(request, cancellationToken) is { } shift)
            {
                await writer.WriteAsync(shift);
            }
        }
        catch (MeshException e)
        {
            // One route's failure must not keep the pipeline's other routes from being set.
            await writer.WriteErrorAsync(e, e.ErrorTarget ?? VirtualService);
        }
    }
}
