using System.Management.Automation;
using System.Management.Automation.Language;

namespace HybridMesh.Shell;

/// <summary>
/// An error as the user reads it: what failed, then where and by which id. The engine's own view needs Utility
/// commands, which are not here.
/// </summary>
internal static class ErrorText
{
    public static (string Message, string Detail) Of(ErrorRecord error)
    {
        if (error.Exception is ParseException { Errors: [var first, ..] })
        {
            return (first.Message, $"  {Place(first.Extent)}: {first.Extent.StartScriptPosition.Line.Trim()}");
        }

        string message = error.ErrorDetails?.Message ?? error.Exception.Message;
        InvocationInfo? invocation = error.InvocationInfo;
        string command = invocation?.MyCommand?.Name is { Length: > 0 } name
            && invocation.MyCommand.CommandType is CommandTypes.Cmdlet or CommandTypes.Function
            ? name + ": "
            : "";
        string id = error.FullyQualifiedErrorId.Split(',')[0];
        string place = string.IsNullOrEmpty(invocation?.ScriptName)
            ? ""
            : $", {Path.GetFileName(invocation.ScriptName)} line {invocation.ScriptLineNumber}";
        string recommendation = error.ErrorDetails?.RecommendedAction is { Length: > 0 } action
            ? $"{Environment.NewLine}  {action}" : "";
        return (command + message + recommendation, $"  [{error.CategoryInfo.Category}: {id}{place}]");
    }

    private static string Place(IScriptExtent extent) =>
        $"{(extent.File is { } file ? Path.GetFileName(file) : "command")} line {extent.StartLineNumber}";
}
