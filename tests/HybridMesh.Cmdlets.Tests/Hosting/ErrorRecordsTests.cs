using System.Management.Automation;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets.Tests;

public sealed class ErrorRecordsTests
{
    public static TheoryData<MeshErrorCode> Codes => [.. Enum.GetValues<MeshErrorCode>()];

    [Theory]
    [MemberData(nameof(Codes))]
    public void From_EveryCode_HasAnIdentifierAndACategory(MeshErrorCode code)
    {
        ErrorRecord record = ErrorRecords.From(new MeshException(code, "message", "own target"), target: null);

        Assert.Matches("^[A-Z][A-Za-z0-9]+$", record.FullyQualifiedErrorId);
        Assert.Equal("own target", record.TargetObject);
        Assert.Equal(code == MeshErrorCode.Unspecified, record.CategoryInfo.Category == ErrorCategory.NotSpecified);
    }
}
