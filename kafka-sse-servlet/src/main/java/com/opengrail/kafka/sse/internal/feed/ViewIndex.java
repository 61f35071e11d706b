package com.opengrail.kafka.sse.internal.feed;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which views a name passes. Literal names are looked up; expressions are evaluated once for each name, which keeps the views
 * that it passes ({@link EventName#views}). A view that comes or goes is held against a name when that is next seen, and not
 * all views anew.
 *
 * <p>Limits: what names keep is bounded, in names and in views of all of them together; then all of it is found anew.
 *
 * <p>Threads: the tail's.
 */
final class ViewIndex {
    private static final int CHANGES = 1024;
    private static final int MOST_NAMES = 1 << 16;
    private static final int MOST_VIEWS = 1 << 22;
    private static final View[] NO_VIEWS = {};

    private final int mostNames;
    private final int mostViews;

    private final Map<String, Set<View>> byLiteral = new HashMap<>();
    private final Set<View> byExpression = new LinkedHashSet<>();

    /** The latest of the views that have come or gone, each at its number modulo the length. */
    private final View[] changes;

    /** The number of the next change: a name that knows of all before it is up to date. */
    private long version;

    /** The names that keep any views, and how many they keep in all. */
    private final List<EventName> names = new ArrayList<>();

    private long kept;

    ViewIndex() {
        this(CHANGES, MOST_NAMES, MOST_VIEWS);
    }

    /** An index that remembers so many changes, and lets so many names keep so many views in all. */
    ViewIndex(int changes, int mostNames, int mostViews) {
        this.changes = new View[changes];
        this.mostNames = mostNames;
        this.mostViews = mostViews;
    }

    /** Takes a view into account from now on. */
    void add(View view) {
        view.isIndexed = true;
        if (view.filter.literalOnly()) {
            view.filter
                    .literals()
                    .forEach(name -> byLiteral
                            .computeIfAbsent(name, any -> new LinkedHashSet<>())
                            .add(view));
        } else {
            byExpression.add(view);
        }
        changed(view);
    }

    /** Forgets a view. */
    void remove(View view) {
        view.isIndexed = false;
        // What is remembered of changes and names holds the view for some time yet.
        view.forgetVerdicts();
        if (view.filter.literalOnly()) {
            view.filter
                    .literals()
                    .forEach(name -> byLiteral.computeIfPresent(name, (any, ofName) -> {
                        ofName.remove(view);
                        return ofName.isEmpty() ? null : ofName;
                    }));
        } else {
            byExpression.remove(view);
        }
        changed(view);
    }

    private void changed(View view) {
        changes[(int) (version++ % changes.length)] = view;
    }

    /** The views that a name passes; not to be changed. */
    View[] of(EventName name) {
        if (name.viewsVersion != version) {
            long missed = version - name.viewsVersion;
            boolean isNew = name.viewsVersion == EventName.NO_VERSION;
            // Views of literals are looked up faster than what has changed.
            keep(name, isNew || missed > Math.min(changes.length, byExpression.size()) ? find(name) : update(name));
        }
        return name.views;
    }

    private View[] find(EventName name) {
        List<View> passed = new ArrayList<>(byLiteral.getOrDefault(name.text, Set.of()));
        for (View view : byExpression) {
            if (view.matches(name)) {
                passed.add(view);
            }
        }
        return passed.toArray(NO_VIEWS);
    }

    private View[] update(EventName name) {
        Set<View> passed = null;
        for (long change = name.viewsVersion; change < version; change++) {
            View view = changes[(int) (change % changes.length)];
            boolean passes = view.isIndexed && view.matches(name);
            if (passed == null && passes != isIn(name.views, view)) {
                passed = new LinkedHashSet<>(List.of(name.views));
            }
            if (passed != null && passes) {
                passed.add(view);
            } else if (passed != null) {
                passed.remove(view);
            }
        }
        return passed == null ? name.views : passed.toArray(NO_VIEWS);
    }

    private static boolean isIn(View[] views, View wanted) {
        for (View view : views) {
            if (view == wanted) {
                return true;
            }
        }
        return false;
    }

    private void keep(EventName name, View[] views) {
        kept += views.length - name.views.length;
        if (kept > mostViews || names.size() == mostNames) {
            forgetAll();
            kept = views.length;
        }
        if (name.views.length == 0 && views.length > 0) {
            names.add(name);
        }
        name.views = views;
        name.viewsVersion = version;
    }

    /** How many views all names keep together. */
    long kept() {
        return kept;
    }

    private void forgetAll() {
        for (EventName name : names) {
            name.views = NO_VIEWS;
            name.viewsVersion = EventName.NO_VERSION;
        }
        names.clear();
    }
}
