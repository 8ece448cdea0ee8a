BeforeAll {
    . $PSScriptRoot/common.ps1
    . $PSScriptRoot/routes.ps1
    $entry = New-TestEntry -Namespace pester-resume-shift -Port 8011
}

AfterAll {
    Remove-TestEntry -Namespace pester-resume-shift
}

Describe 'Resume-TrafficShift' {
    It 'goes on with a shift whose session was killed' {
        Stop-TestShift -Namespace pester-resume-shift -Uri $entry -Step '@{ v2 = 5 }, @{ v2 = 100 }'
        (Get-TrafficShift routes-vs hello-route).Marker.Step | Should -Be 1

        $steps = Resume-TrafficShift routes-vs -Count 300

        $steps.Action | Should -Be 'Passed', 'Completed'
        (Get-TrafficShift routes-vs hello-route).Weights.Weight | Should -Be 0, 100, 0
        (Get-TrafficShift routes-vs hello-route).Marker | Should -BeNullOrEmpty
    }

    It 'says so when there is nothing to resume' {
        { Resume-TrafficShift routes-vs -ErrorAction Stop } | Should -Throw -ErrorId 'ShiftNotFound,HybridMesh.Cmdlets.ResumeTrafficShiftCommand'
    }
}
