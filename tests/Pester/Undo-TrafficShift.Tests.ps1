BeforeAll {
    . $PSScriptRoot/common.ps1
    . $PSScriptRoot/routes.ps1
    $entry = New-TestEntry -Namespace pester-undo-shift -Port 8012
}

AfterAll {
    Remove-TestEntry -Namespace pester-undo-shift
}

Describe 'Undo-TrafficShift' {
    It 'restores the weights after the session was killed' {
        Stop-TestShift -Namespace pester-undo-shift -Uri $entry -Step '@{ v2 = 5 }, @{ v2 = 100 }'

        $undone = Get-TrafficShift | Where-Object Marker | Undo-TrafficShift

        $undone.Action | Should -Be 'Updated'
        $undone.PreviousWeights.Weight | Should -Be 71, 5, 24
        (Get-TrafficShift routes-vs).Weights.Weight | Should -Be 30, 60, 10, 90, 5, 5
    }

    It 'says so when there is nothing to undo' {
        { Undo-TrafficShift routes-vs -ErrorAction Stop } | Should -Throw -ErrorId 'ShiftNotFound,HybridMesh.Cmdlets.UndoTrafficShiftCommand'
    }
}
