using System.Collections;
using System.Management.Automation;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary>Base of cmdlets that may ask the app on each VM which version it is.</summary>
public abstract class AppVersionCmdlet : RemoteCmdlet
{
    private static readonly TimeSpan LongestRequest = TimeSpan.FromSeconds(10);

    /// <summary>
    /// A URL of the app that each VM asks itself; a script block makes one of each VM:
    /// <c>{ "http://$($_.Address):8001/hello/x" }</c>. The default is not to ask.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNull]
    public Uri? AppUri { get; set; }

    /// <summary>A regular expression per version that matches the app's answers.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary? VersionPattern { get; set; }

    /// <summary>The response header that names the version.</summary>
    [Parameter]
    [PlainText]
    [ValidateNotNullOrEmpty]
    public string? VersionHeader { get; set; }

    /// <summary>How the app of the object at hand tells its version; null when it is not asked.</summary>
    private protected AppVersionQuery? AppQuery()
    {
        TimeSpan timeout = TimeSpan.FromSeconds(Math.Max(1, TimeoutSec / 2));
        return AppUri is null ? null : new AppVersionQuery(
            AppUri,
            TableReader.Texts(VersionPattern, nameof(VersionPattern)),
            VersionHeader,
            timeout < LongestRequest ? timeout : LongestRequest);
    }
}
