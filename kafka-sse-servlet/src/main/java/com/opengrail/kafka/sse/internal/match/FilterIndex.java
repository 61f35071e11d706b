package com.opengrail.kafka.sse.internal.match;

import com.opengrail.kafka.sse.internal.window.EventName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Finds the groups whose filter a name passes. Literal names are looked up. Expressions are evaluated once per name,
 * and the name keeps the groups that were found. When a group comes or goes, a name is checked against that group
 * alone, the next time it is seen.
 *
 * <p>Limits: the number of names that keep groups is bounded, and the number of groups that all of them keep. Beyond
 * that all of it is forgotten and found again. The time for expressions is bounded too. Beyond that a name is not judged,
 * and the clients with expressions check for themselves on their own turns. Long names are never judged here, because even a
 * single one may take too long.
 *
 * <p>Threads: the tail's.
 */
final class FilterIndex {
    private static final int CHANGES = 1024;
    private static final int MOST_NAMES = 1 << 14;

    /** A longer name is most likely different in each record, so nothing is kept for it. */
    private static final int LONGEST_NAME = 512;

    private static final int MOST_GROUPS = 1 << 20;

    /** A filter of more names is asked like an expression: to list each name takes more memory than the filter itself. */
    private static final int MOST_LITERALS = 256;

    private static final FilterGroup[] NO_GROUPS = {};

    /** The groups that a name passes, at a version of the index. */
    private record Found(FilterGroup[] groups, long version) {
        private static final Found NOTHING_YET = new Found(NO_GROUPS, -1);

        boolean has(FilterGroup wanted) {
            return Arrays.asList(groups).contains(wanted);
        }
    }

    /** The clock is read once per this many expressions, if the name is short. */
    private static final int EXPRESSIONS_PER_LOOK = 8;

    private static final int SHORT_NAME = 64;

    private final int mostNames;
    private final int mostGroups;
    private final TimeBudget budget;

    private final Map<String, Set<FilterGroup>> byLiteral = new HashMap<>();
    private final Set<FilterGroup> byExpression = new LinkedHashSet<>();

    /** The latest groups that have come or gone, each at the number of its change modulo the length. */
    private final FilterGroup[] changes;

    /** The number of the next change. A name with this version is up to date. */
    private long version;

    /** The names that keep groups, and the number of groups that they keep in all. */
    private final List<EventName> names = new ArrayList<>();

    private long kept;

    /** True if the name that was asked for last was held against all expressions. */
    private boolean judged = true;

    /** True if expressions were evaluated since {@link #release}. */
    private boolean evaluated;

    FilterIndex(LongSupplier nanoTime) {
        this(CHANGES, MOST_NAMES, MOST_GROUPS, nanoTime);
    }

    /** An index that remembers so many changes, and lets so many names keep so many groups in all. */
    FilterIndex(int changes, int mostNames, int mostGroups, LongSupplier nanoTime) {
        this.budget = new TimeBudget(nanoTime);
        this.changes = new FilterGroup[changes];
        this.mostNames = mostNames;
        this.mostGroups = mostGroups;
    }

    void add(FilterGroup group) {
        group.setIndexed(true);
        if (isLookedUp(group)) {
            for (String name : group.filter().literals()) {
                byLiteral.computeIfAbsent(name, any -> new LinkedHashSet<>()).add(group);
            }
        } else {
            byExpression.add(group);
        }
        changed(group);
    }

    private static boolean isLookedUp(FilterGroup group) {
        return group.filter().literalOnly() && group.filter().literals().size() <= MOST_LITERALS;
    }

    void remove(FilterGroup group) {
        group.setIndexed(false);
        if (isLookedUp(group)) {
            for (String name : group.filter().literals()) {
                byLiteral.computeIfPresent(name, (any, ofName) -> {
                    ofName.remove(group);
                    return ofName.isEmpty() ? null : ofName;
                });
            }
        } else {
            byExpression.remove(group);
        }
        changed(group);
    }

    private void changed(FilterGroup group) {
        changes[(int) (version++ % changes.length)] = group;
    }

    /** The groups that a name passes, without those that {@link #hasJudged} tells of; not to be changed. */
    FilterGroup[] of(EventName name) {
        Found found = name.attachment() instanceof Found known ? known : Found.NOTHING_YET;
        if (found != Found.NOTHING_YET) {
            budget.reused();
        }
        if (found.version == version) {
            judged = true;
            return found.groups;
        }
        if (name.isLong()) {
            judged = byExpression.isEmpty();
            return literally(name);
        }
        // Groups with literals are found faster by a look-up than by going through the changes.
        boolean missedMany = version - found.version > Math.min(changes.length, byExpression.size());
        boolean searches = found == Found.NOTHING_YET || missedMany;
        FilterGroup[] groups = null;
        if (budget.start()) {
            evaluated = true;
            groups = searches ? find(name) : update(name, found);
            budget.stop();
        }
        judged = groups != null;
        return judged ? keep(name, found, groups) : literally(name);
    }

    /**
     * False if there was no time to hold the name that was asked for last against all expressions. Then it may pass any of
     * {@link #withExpressions}.
     */
    boolean hasJudged() {
        return judged;
    }

    /** The groups whose filters have expressions or many names; not to be changed. */
    Set<FilterGroup> withExpressions() {
        return byExpression;
    }

    /** Gives back what the evaluation of expressions has left in memory. */
    void release() {
        if (evaluated) {
            byExpression.forEach(FilterGroup::release);
            evaluated = false;
        }
    }

    private FilterGroup[] literally(EventName name) {
        return byLiteral.getOrDefault(name.text(), Set.of()).toArray(NO_GROUPS);
    }

    private static int expressionsPerLook(EventName name) {
        return name.text().length() > SHORT_NAME ? 1 : EXPRESSIONS_PER_LOOK;
    }

    /** The groups that a name passes, or {@code null} if that takes too long. */
    private FilterGroup[] find(EventName name) {
        List<FilterGroup> passed = new ArrayList<>(byLiteral.getOrDefault(name.text(), Set.of()));
        int looked = 0;
        int perLook = expressionsPerLook(name);
        for (FilterGroup group : byExpression) {
            if (++looked % perLook == 0 && budget.isOver()) {
                return null;
            }
            if (group.matches(name)) {
                passed.add(group);
            }
        }
        return passed.toArray(NO_GROUPS);
    }

    /**
     * The groups that a name passes, derived from those that it passed before, or {@code null} if that takes too long.
     */
    private FilterGroup[] update(EventName name, Found found) {
        Set<FilterGroup> passed = null;
        int perLook = expressionsPerLook(name);
        for (long change = found.version; change < version; change++) {
            if (change % perLook == 0 && budget.isOver()) {
                return null;
            }
            FilterGroup group = changes[(int) (change % changes.length)];
            boolean passes = group.isIndexed() && group.matches(name);
            if (passed == null && passes != found.has(group)) {
                passed = new LinkedHashSet<>(List.of(found.groups));
            }
            if (passed != null && passes) {
                passed.add(group);
            } else if (passed != null) {
                passed.remove(group);
            }
        }
        return passed == null ? found.groups : passed.toArray(NO_GROUPS);
    }

    private FilterGroup[] keep(EventName name, Found before, FilterGroup[] groups) {
        if (name.text().length() > LONGEST_NAME) {
            return groups;
        }
        boolean isListed = before.groups.length > 0;
        kept += groups.length - before.groups.length;
        if (kept > mostGroups || names.size() == mostNames) {
            names.forEach(each -> each.attach(null));
            names.clear();
            kept = groups.length;
            isListed = false;
        }
        if (!isListed && groups.length > 0) {
            names.add(name);
        }
        name.attach(new Found(groups, version));
        return groups;
    }

    /** The number of groups that all names keep together. */
    long kept() {
        return kept;
    }
}
