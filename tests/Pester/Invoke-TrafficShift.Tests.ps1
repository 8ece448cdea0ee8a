BeforeAll {
    . $PSScriptRoot/common.ps1
    . $PSScriptRoot/routes.ps1
    $entry = New-TestEntry -Namespace pester-invoke-shift
}

AfterAll {
    Remove-TestEntry -Namespace pester-invoke-shift
}

Describe 'Invoke-TrafficShift' {
    It 'streams a step at a time and ends with the last one''s weights' {
        $steps = Invoke-TrafficShift routes-vs hello-route @{ v2 = 5 }, @{ v2 = 100 } -Uri $entry -Count 300 -MaxErrorRate 1% -MaxP99 2000ms

        $steps.Action | Should -Be 'Passed', 'Completed'
        $steps[0].Weights.Weight | Should -Be 71, 5, 24
        (Get-TrafficShift routes-vs).Weights.Weight | Should -Be 0, 100, 0, 90, 5, 5
    }

    It 'goes back and says why' {
        $null = Set-TrafficShift routes-vs hello-route -Weight @{ v1 = 30; v2 = 60; v3 = 10 }

        $steps = Invoke-TrafficShift routes-vs hello-route @{ v2 = 5 }, @{ v2 = 100 } -Uri $entry -Count 300 -MaxP99 0.001ms -ErrorAction SilentlyContinue -ErrorVariable failed

        $steps.Action | Should -Be 'RolledBack'
        $failed[0].FullyQualifiedErrorId | Should -Be 'ShiftRolledBack,HybridMesh.Cmdlets.InvokeTrafficShiftCommand'
        $failed[0].TargetObject | Should -Be 'routes-vs'
        (Get-TrafficShift routes-vs hello-route).Weights.Weight | Should -Be 30, 60, 10
    }

    It 'proves a version by a header before everybody gets it' {
        $green = @{ v3 = 100; Header = @{ 'X-Release' = 'green' } }

        $steps = Invoke-TrafficShift routes-vs hello-route $green, @{ v3 = 50 } -Uri $entry -Count 300

        $steps.Action | Should -Be 'Passed', 'Completed'
        $steps[0].Header['x-release'] | Should -Be 'green'
        $steps[0].PreviousWeights.Weight | Should -Be 30, 60, 10
        $steps[0].MeasurementWithoutHeader.Versions.Expected | Should -Be 30, 60, 10
        $steps[0] | Out-String | Should -Match 'x-release=green: v3 100 %'
        (Get-TrafficShift routes-vs).Route | Should -Be 'hello-route', 'bye-route'
        $null = Set-TrafficShift routes-vs hello-route -Weight @{ v1 = 30; v2 = 60; v3 = 10 }
    }

    It 'fits narrow terminals, and is short where PowerShell shows a list' {
        $steps = Invoke-TrafficShift routes-vs hello-route @{ v2 = 60 } -Uri $entry -Count 300
        $result = Measure-TrafficShift -Uri $entry -VirtualService routes-vs -Route hello-route -Count 50 -Expect @{ v1 = 90; v2 = 5; v3 = 5 }

        ($steps | Out-String -Width 80) -split "`n" | Where-Object { $_ -match 'Completed' } | Should -Match 'Completed +Undecided'
        $mixed = Get-TrafficShift routes-vs hello-route; $text = @($mixed; $steps; $result) | Out-String -Width 120
        $text | Should -Match 'Reason *: Undecided'
        $text | Should -Match 'Summary *: Inconsistent'
        $text | Should -Match 'Diagnosis *: \{\w+: '
        $text | Should -Not -Match 'ReadOnlyList|Measurement '
        $null = Set-TrafficShift routes-vs hello-route -Weight @{ v1 = 30; v2 = 60; v3 = 10 }
    }

    It 'restores when the pipeline has enough' {
        $null = Invoke-TrafficShift routes-vs hello-route @{ v2 = 5 }, @{ v2 = 100 } -Uri $entry -Count 300 | Select-Object -First 1

        (Get-TrafficShift routes-vs hello-route).Weights.Weight | Should -Be 30, 60, 10
    }

    It 'changes nothing with -WhatIf' {
        Invoke-TrafficShift routes-vs hello-route @{ v2 = 5 } -Uri $entry -WhatIf | Should -BeNullOrEmpty
        (Get-TrafficShift routes-vs hello-route).Weights.Weight | Should -Be 30, 60, 10
    }
}
